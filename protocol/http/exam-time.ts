import { Timestamp } from '../events.ts';

const YEARS = [Date.UTC(1970), Date.UTC(3000)] as const;

/** Limited to years that databases support, also after adding extra minutes. */
export const ExamTime = Timestamp.refine(
  (at) => Date.parse(at) >= YEARS[0] && Date.parse(at) < YEARS[1],
  'must be between the years 1970 and 2999',
);
