import { type RawBuilder, sql } from 'kysely';

/** Text as searches compare it: without case, accents and joiners. @param text column or value */
const folded = (text: RawBuilder<unknown>): RawBuilder<string> =>
  sql`regexp_replace(normalize(lower(${text}), NFKD), '[\u0300-\u036F\u200C\u200D]', '', 'g')`;

/** Whether a column contains a text, case and accents aside. Not LIKE: the text may contain wildcards. */
export const containsText = (column: string, text: string): RawBuilder<boolean> =>
  sql`strpos(${folded(sql.ref(column))}, ${folded(sql`${text}::text`)}) > 0`;
