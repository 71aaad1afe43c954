import { type ExamRow, lockExam, setExamStatus } from '../../db/exams.ts';
import type { Db } from '../../db/executor.ts';
import { listRunning } from '../../db/sessions.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import type { ExamStatus } from '../../protocol/http/exams.ts';
import { endIfRunning } from '../session/end.ts';
import type { Registry } from '../session/registry.ts';
import { checkTransition } from './status.ts';
import { noExam } from './write.ts';

export interface StatusParts {
  readonly db: Db;
  readonly registry: Registry;
}

/**
 * Moves an exam to another status. Only an active one has sessions that run: they have to be over, or are ended
 * once the exam takes no more starts. Resolves when their ends are committed; asking again ends what is left.
 * @throws ProtocolError `not_found`, `bad_transition`, `exam_has_sessions`, `session_not_live`
 */
export async function changeStatus({ db, registry }: StatusParts, id: string, status: ExamStatus, { endSessions }: { endSessions: boolean }): Promise<ExamRow> {
  const { exam, running } = await db.transaction().execute(async (tx) => {
    const before = await lockExam(tx, id, 'update');
    if (!before) throw noExam();
    checkTransition(before.status, status);
    const left = status === 'active' ? [] : await listRunning(tx, id);
    if (left.length > 0 && !endSessions && before.status !== status) {
      throw new ProtocolError('exam_has_sessions', `${left.length === 1 ? '1 session runs' : `${left.length} sessions run`} in this exam; \`endSessions: true\` ends them`);
    }
    return { exam: before.status === status ? before : await setExamStatus(tx, id, status), running: endSessions ? left : [] };
  });
  const ends = await Promise.allSettled(running.map((session) => endIfRunning(registry, session)));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return exam;
}
