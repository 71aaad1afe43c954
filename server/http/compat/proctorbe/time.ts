import { z } from 'zod';
import { ExamTime } from '../../../../protocol/http/exams.ts';

const WRITTEN = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d(?:\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?$/;

/**
 * A time as the first system's clients write it: ISO 8601, with a space for its `T` or not, with seconds or not, and
 * UTC when it has no offset.
 */
export const NaiveTime = z
  .string()
  .max(40)
  .describe('ISO 8601; without an offset it is UTC.')
  .transform((written) => {
    const [, day, time, seconds = ':00', offset = 'Z'] = WRITTEN.exec(written) ?? [];
    return day === undefined ? written : `${day}T${time}${seconds}${offset}`;
  })
  .pipe(ExamTime);
