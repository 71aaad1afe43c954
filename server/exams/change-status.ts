import pLimit from 'p-limit';
import { appendAudits } from '../../db/audit/append.ts';
import { type ExamRow, lockExam, setExamStatus } from '../../db/exams.ts';
import type { Db } from '../../db/executor.ts';
import { listRunning } from '../../db/sessions.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import type { ExamStatus } from '../../protocol/http/exams.ts';
import { refuseOwnExam } from '../access/own-exam.ts';
import { noExam } from '../access/refused.ts';
import type { Clock } from '../clock.ts';
import { endIfRunning } from '../session/live/end-session.ts';
import { withdrawAll } from '../session/live/readmissions.ts';
import type { LiveSessions } from '../session/live/session-acts.ts';
import { checkTransition } from './status.ts';

export interface StatusParts {
  readonly db: Db;
  readonly sessions: LiveSessions;
  readonly clock: Clock;
}

const ENDED_AT_ONCE = 32;

/**
 * Changes the status of an exam. Sessions of an active exam must have ended, or are ended after it accepts no more
 * starts. Closing by hand withdraws unused readmissions; staff can readmit afterwards. Resolves once their ends are committed; a repeated call ends the rest.
 * @throws ProtocolError `not_found`, `bad_transition`, `exam_has_sessions`, `session_not_live`; `forbidden` for staff
 * with a session in it, except to open or close it
 */
export async function changeStatus(
  { db, sessions, clock }: StatusParts,
  by: { readonly userId: string },
  id: string,
  status: ExamStatus,
  { endSessions }: { endSessions: boolean },
): Promise<ExamRow> {
  const { exam, running } = await db.transaction().execute(async (tx) => {
    const before = await lockExam(tx, id, 'update');
    if (!before) throw noExam();
    checkTransition(before.status, status);
    if (status === 'scheduled' && before.status !== status && !before.starts_at)
      throw new ProtocolError('bad_transition', 'the exam has no `startsAt`: a scheduled exam opens at its start', {
        ref: before.status,
      });
    if (status === 'archived' || endSessions) await refuseOwnExam(tx, id, by);
    const left = status === 'active' ? [] : await listRunning(tx, id);
    if (left.length > 0 && !endSessions && before.status !== status) {
      throw new ProtocolError(
        'exam_has_sessions',
        `${left.length === 1 ? '1 session is' : `${left.length} sessions are`} running in this exam; \`endSessions: true\` ends them`,
      );
    }
    const ends = endSessions ? left : [];
    if (before.status === status) return { exam: before, running: ends };
    const at = new Date(clock());
    const after = await setExamStatus(tx, id, status, at);
    const withdrawn = before.status === 'active' ? await withdrawAll(tx, { exam_id: id }, by.userId, at) : [];
    await appendAudits(tx, [
      ...withdrawn,
      {
        type: 'EXAM_STATUS_CHANGED',
        entityId: id,
        actor: by.userId,
        at,
        payload: { from: before.status, to: status },
      },
    ]);
    return { exam: after, running: ends };
  });
  // With limited concurrency, so that other exams continue meanwhile.
  const end = pLimit(ENDED_AT_ONCE);
  const ends = await Promise.allSettled(running.map((session) => end(() => endIfRunning(sessions, session, by))));
  for (const one of ends) if (one.status === 'rejected') throw one.reason;
  return exam;
}
