import { sql } from 'kysely';
import type { Executor } from './executor.ts';
import type { UserRow } from './users.ts';

type Person = Pick<UserRow, 'id' | 'name' | 'email'>;

/** Authors of the acts of staff on a session, and readers of its messages. */
export async function listSessionStaff(ex: Executor, sessionId: string): Promise<readonly Person[]> {
  const { rows } = await sql<Person>`
    SELECT id, name, email FROM users WHERE id IN (
      SELECT (details ->> 'by')::uuid FROM events WHERE session_id = ${sessionId}::uuid AND source = 'proctor'
      UNION SELECT (details ->> 'readBy')::uuid FROM events
        WHERE session_id = ${sessionId}::uuid AND type = 'STUDENT_MESSAGE' AND details ->> 'readBy' IS NOT NULL)
    ORDER BY id`.execute(ex);
  return rows;
}

/**
 * Enabled admins, managers and people of a role whom the session is for, by name: the rules of `server/access/rights.ts`
 * the other way round. Its student is none of them.
 * @param but left out
 */
export async function listStaffFor(
  ex: Executor,
  session: string,
  role: 'proctor' | 'reviewer',
  { but, limit }: { readonly but: readonly string[]; readonly limit: number },
): Promise<Person[]> {
  const { rows } = await sql<Person>`
    SELECT users.id, users.name, users.email FROM users, sessions JOIN exams ON exams.id = sessions.exam_id
    WHERE sessions.id = ${session}::uuid AND users.disabled_at IS NULL AND users.id <> sessions.student_id
      AND users.id <> ALL (${but}::uuid[])
      AND (users.role = 'admin' OR (users.organisation_id = exams.organisation_id AND (users.role = 'manager'
        OR (users.role = ${role} AND (exams.staff_access = 'all' OR EXISTS (SELECT FROM assignments
          WHERE assignments.user_id = users.id AND assignments.exam_id = exams.id
            AND (assignments.room IS NULL OR assignments.room = sessions.room)))))))
    ORDER BY users.name, users.id LIMIT ${limit}`.execute(ex);
  return rows;
}
