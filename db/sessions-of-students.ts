import type { Executor } from './executor.ts';
import { among } from './session-filter.ts';
import type { NamedSessionRow } from './sessions.ts';

/** Newest first. */
export async function listSessionsOf(
  ex: Executor,
  studentIds: readonly string[],
  limit: number,
): Promise<NamedSessionRow[]> {
  return ex
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.student_id')
    .selectAll('sessions')
    .select(['users.name as student_name', 'users.email as student_email'])
    .where(among('sessions.student_id', studentIds))
    .orderBy('sessions.id', 'desc')
    .limit(limit)
    .execute();
}
