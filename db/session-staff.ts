import { sql } from 'kysely';
import type { Executor } from './executor.ts';
import type { UserRow } from './users.ts';

/** Authors of the acts of staff on a session, and readers of its messages. */
export async function listSessionStaff(
  ex: Executor,
  sessionId: string,
): Promise<readonly Pick<UserRow, 'id' | 'name' | 'email'>[]> {
  const { rows } = await sql<Pick<UserRow, 'id' | 'name' | 'email'>>`
    SELECT id, name, email FROM users WHERE id IN (
      SELECT (details ->> 'by')::uuid FROM events WHERE session_id = ${sessionId}::uuid AND source = 'proctor'
      UNION SELECT (details ->> 'readBy')::uuid FROM events
        WHERE session_id = ${sessionId}::uuid AND type = 'STUDENT_MESSAGE' AND details ->> 'readBy' IS NOT NULL)
    ORDER BY id`.execute(ex);
  return rows;
}
