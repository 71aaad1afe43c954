import type { Executor } from './executor.ts';
import type { SessionRow } from './sessions.ts';
import { sessionSeenBy, type Viewer } from './visibility.ts';

/** Facts that decide whether a person can command a session. */
export interface CommandedSession extends Pick<SessionRow, 'id' | 'student_id' | 'status'> {
  readonly student_name: string;
  /** Whether the person sees it as staff. */
  readonly seen: boolean;
}

const commanded = (ex: Executor, viewer: Viewer) =>
  ex
    .selectFrom('sessions')
    .innerJoin('exams', 'exams.id', 'sessions.exam_id')
    .innerJoin('users', 'users.id', 'sessions.student_id')
    .select(['sessions.id', 'sessions.student_id', 'sessions.status', 'users.name as student_name'])
    .select(sessionSeenBy(viewer).as('seen'));

/** Sessions with these ids; those that do not exist are left out. */
export async function findCommanded(ex: Executor, ids: readonly string[], viewer: Viewer): Promise<CommandedSession[]> {
  return commanded(ex, viewer).where('sessions.id', 'in', ids).execute();
}

/** Running sessions of an exam that the person sees, newest first, older than `before`. */
export async function listCommanded(
  ex: Executor,
  filter: {
    readonly exam: string;
    readonly room: string | undefined;
    readonly before: string | undefined;
    readonly limit: number;
  },
  viewer: Viewer,
): Promise<CommandedSession[]> {
  let query = commanded(ex, viewer)
    .where('sessions.exam_id', '=', filter.exam)
    .where('sessions.status', '<>', 'ended')
    .where(sessionSeenBy(viewer))
    .orderBy('sessions.id', 'desc')
    .limit(filter.limit);
  if (filter.room !== undefined) query = query.where('sessions.room', '=', filter.room);
  if (filter.before !== undefined) query = query.where('sessions.id', '<', filter.before);
  return query.execute();
}
