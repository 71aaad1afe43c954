import type { AvailableExam } from '../../protocol/http/exams.ts';
import type { Api } from '../shared/api.ts';
import { readPages } from '../shared/read-pages.ts';

/** Far more than one student has. */
const MAX_PAGES = 10;

/** Closed exams that the student never started. */
export const readMissed = (api: Api): Promise<AvailableExam[]> =>
  readPages<AvailableExam>(api, '/api/exams/available?missed=true', 1);

/** Exams that the student can take or is taking. */
export const readAvailable = (api: Api): Promise<AvailableExam[]> =>
  readPages<AvailableExam>(api, '/api/exams/available', MAX_PAGES);
