import { sql } from 'kysely';
import type { VerdictsTable } from './schema/verdicts.ts';

/** The verdict that counts of a session, for statements over `sessions`. */
export const newestVerdict = sql<VerdictsTable['verdict'] | null>`(
  SELECT verdict FROM verdicts WHERE verdicts.session_id = sessions.id ORDER BY verdicts.id DESC LIMIT 1)`;
