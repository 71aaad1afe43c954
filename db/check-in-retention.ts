import { type RawBuilder, sql } from 'kysely';
import type { CheckInRow } from './check-ins.ts';
import { evidenceIsOver } from './evidence.ts';
import type { Executor, Tx } from './executor.ts';
import { isFrozen } from './frozen.ts';
import { findOver } from './retention.ts';

interface Due {
  readonly now: Date;
  readonly limit: number;
  readonly except: readonly string[];
}

/** @param which in the words of the index of that time */
async function findDue(
  ex: Executor,
  which: RawBuilder<boolean>,
  time: 'erase_at' | 'delete_at',
  { now, limit, except }: Due,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`SELECT id FROM check_ins
    WHERE ${which} AND ${sql.ref(time)} <= ${now} AND id <> ALL (${except}::uuid[])
    ORDER BY ${sql.ref(time)} LIMIT ${limit}`.execute(ex);
  return rows.map(({ id }) => id);
}

/** Check-ins whose photo and document are due, those due first, except those in `except`. */
export const findCheckInsToErase = (ex: Executor, due: Due): Promise<string[]> =>
  findDue(ex, sql`erased_at IS NULL`, 'erase_at', due);

/** Ended sessions without an open appeal past the retention of their pictures that have some of their check-in. */
export const findExpiredRooms = (ex: Executor, now: Date, limit: number, after?: string): Promise<string[]> =>
  findOver(
    ex,
    sql`${evidenceIsOver(now)} AND EXISTS (SELECT FROM check_ins
        JOIN check_in_pictures ON check_in_pictures.check_in_id = check_ins.id WHERE check_ins.session_id = sessions.id)
      AND NOT ${isFrozen}`,
    { limit, after },
  );

/** Locks check-ins in id order until the end of the transaction. */
export async function lockCheckIns(tx: Tx, ids: readonly string[]): Promise<CheckInRow[]> {
  if (ids.length === 0) return [];
  return tx.selectFrom('check_ins').selectAll().where('id', 'in', ids).orderBy('id').forUpdate().execute();
}

/** Check-ins of sessions, locked in id order. */
export async function lockCheckInsOf(tx: Tx, sessions: readonly string[]): Promise<CheckInRow[]> {
  if (sessions.length === 0) return [];
  return tx.selectFrom('check_ins').selectAll().where('session_id', 'in', sessions).orderBy('id').forUpdate().execute();
}

/** Check-ins of a student that are open or still have pictures, locked in id order. */
export async function lockCheckInsOfStudent(tx: Tx, studentId: string): Promise<CheckInRow[]> {
  return tx
    .selectFrom('check_ins')
    .selectAll()
    .where('student_id', '=', studentId)
    .where((eb) =>
      eb.or([
        eb('closed_at', 'is', null),
        eb.exists(
          eb
            .selectFrom('check_in_pictures')
            .select('id')
            .whereRef('check_in_pictures.check_in_id', '=', 'check_ins.id'),
        ),
      ]),
    )
    .orderBy('id')
    .forUpdate()
    .execute();
}

/** Check-ins of an exam that no session has used, oldest first. */
export async function listUnusedCheckIns(ex: Executor, exam: string, limit: number): Promise<string[]> {
  const rows = await ex
    .selectFrom('check_ins')
    .select('id')
    .where('exam_id', '=', exam)
    .where('session_id', 'is', null)
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

/** Check-ins without a session past the retention of the exam's sessions, those due first, except those in `except`. */
export const findCheckInsToDelete = (ex: Executor, due: Due): Promise<string[]> =>
  findDue(ex, sql`session_id IS NULL`, 'delete_at', due);

/** Deletes check-ins that no session has used, with their decisions. */
export async function deleteCheckIns(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await tx.deleteFrom('check_ins').where('id', 'in', ids).where('session_id', 'is', null).execute();
}
