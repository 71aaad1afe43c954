import { sql } from 'kysely';
import type { Executor } from './executor.ts';
import type { UserRow } from './users.ts';

/** Authors of the acts of staff on a session. */
export async function listSessionStaff(
  ex: Executor,
  sessionId: string,
): Promise<readonly Pick<UserRow, 'id' | 'name' | 'email'>[]> {
  const { rows } = await sql<Pick<UserRow, 'id' | 'name' | 'email'>>`
    SELECT id, name, email FROM users WHERE id IN (
      SELECT (details ->> 'by')::uuid FROM events WHERE session_id = ${sessionId}::uuid AND source = 'proctor')
    ORDER BY id`.execute(ex);
  return rows;
}
