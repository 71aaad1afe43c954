import { type RawBuilder, sql } from 'kysely';
import type { Executor, Tx } from './executor.ts';

/**
 * Whether an appeal about a session is open, for statements over `sessions`: nothing of such a session is deleted, be it
 * by retention or by a person.
 */
export const isFrozen: RawBuilder<boolean> = sql`EXISTS (
  SELECT FROM appeals WHERE appeals.session_id = sessions.id
    AND NOT EXISTS (SELECT FROM appeal_outcomes WHERE appeal_outcomes.appeal_id = appeals.id))`;

/**
 * Of these sessions, those that may be deleted, or their pictures; locked until the end of the transaction, so that no
 * appeal begins meanwhile.
 */
export async function lockUnfrozen(tx: Tx, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const locked = await tx
    .selectFrom('sessions')
    .select('id')
    .where('id', 'in', ids.toSorted())
    .orderBy('id')
    .forUpdate()
    .execute();
  if (locked.length === 0) return [];
  // After the locks: a statement sees what was committed before it began.
  const free = await tx
    .selectFrom('sessions')
    .select('id')
    .where(
      'id',
      'in',
      locked.map(({ id }) => id),
    )
    .where(sql<boolean>`NOT ${isFrozen}`)
    .orderBy('id')
    .execute();
  return free.map(({ id }) => id);
}

/** A session of the exam or of the student with an open appeal. */
export async function findFrozen(
  ex: Executor,
  of: { readonly exam: string } | { readonly student: string },
): Promise<string | undefined> {
  let query = ex.selectFrom('sessions').select('id').where(isFrozen).limit(1);
  query = 'exam' in of ? query.where('exam_id', '=', of.exam) : query.where('student_id', '=', of.student);
  return (await query.executeTakeFirst())?.id;
}
