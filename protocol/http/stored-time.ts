import { Timestamp } from '../events.ts';

/** Milliseconds since 1970: from, and up to but excluding. */
export const TIME_BOUNDS = [Date.UTC(1970), Date.UTC(3000)] as const;

/** A time that reaches the database: of years that databases support, also after adding extra minutes. */
export const StoredTime = Timestamp.refine(
  (at) => Date.parse(at) >= TIME_BOUNDS[0] && Date.parse(at) < TIME_BOUNDS[1],
  'must be between the years 1970 and 2999',
);
