import type { AvailableExam } from '../../protocol/http/exams.ts';
import type { Api } from '../shared/api.ts';

/** Far more than one student has. */
const MAX_PAGES = 10;

/** Exams that the student can take or is taking. */
export async function readAvailable(api: Api): Promise<AvailableExam[]> {
  const exams: AvailableExam[] = [];
  let cursor = '';
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const page = await api.get<{ items: AvailableExam[]; nextCursor: string | null }>(
      `/api/exams/available?limit=200${cursor}`,
    );
    exams.push(...page.items);
    if (page.nextCursor === null) break;
    cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`;
  }
  return exams;
}
