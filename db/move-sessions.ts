import { sql } from 'kysely';
import type { NewAuditEntry } from './audit/append.ts';
import { moveCheckIns } from './check-ins.ts';
import type { Tx } from './executor.ts';

interface Placed {
  readonly exam_id: string;
  readonly student_id: string;
  readonly room: string | null;
}

export interface MovedSession {
  readonly id: string;
  readonly exam_id: string;
  readonly room: string | null;
}

/** Moves running sessions and open check-ins to the rooms of their enrolments. @returns sessions that were in another one */
export async function moveRunningSessions(tx: Tx, enrolments: readonly Placed[]): Promise<MovedSession[]> {
  await moveCheckIns(tx, enrolments);
  const given = enrolments.map(({ exam_id, student_id, room }) => ({ exam_id, student_id, room }));
  const { rows } = await sql<MovedSession>`UPDATE sessions SET room = given.room
    FROM jsonb_to_recordset(${JSON.stringify(given)}::jsonb) AS given (exam_id uuid, student_id uuid, room text)
    WHERE sessions.exam_id = given.exam_id AND sessions.student_id = given.student_id AND sessions.status <> 'ended'
      AND sessions.room IS DISTINCT FROM given.room
    RETURNING sessions.id, sessions.exam_id, sessions.room`.execute(tx);
  return rows;
}

/** Pure: entry of the audit log. */
export const sessionMoved = (session: MovedSession, actor: string, at: Date): NewAuditEntry => ({
  type: 'SESSION_MOVED',
  entityId: session.id,
  actor,
  at,
  payload: { examId: session.exam_id },
});
