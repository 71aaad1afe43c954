import { type Selectable, sql } from 'kysely';
import type { CheckInPictureKind } from '../protocol/check-in-bounds.ts';
import type { Executor, Tx } from './executor.ts';
import type { CheckInPicturesTable } from './schema/check-ins.ts';

export type CheckInPictureRow = Selectable<CheckInPicturesTable>;

export async function insertCheckInPicture(tx: Tx, row: CheckInPictureRow): Promise<void> {
  await tx.insertInto('check_in_pictures').values(row).execute();
}

/** Pictures of a check-in, oldest first. Their number is bounded. */
export async function listCheckInPictures(ex: Executor, checkIn: string): Promise<CheckInPictureRow[]> {
  return ex
    .selectFrom('check_in_pictures')
    .selectAll()
    .where('check_in_id', '=', checkIn)
    .orderBy('at')
    .orderBy('id')
    .execute();
}

export async function findCheckInPicture(
  ex: Executor,
  checkIn: string,
  id: string,
): Promise<CheckInPictureRow | undefined> {
  return ex
    .selectFrom('check_in_pictures')
    .selectAll()
    .where('check_in_id', '=', checkIn)
    .where('id', '=', id)
    .executeTakeFirst();
}

export async function submitCheckInPictures(tx: Tx, checkIn: string): Promise<void> {
  await tx.updateTable('check_in_pictures').set({ submitted: true }).where('check_in_id', '=', checkIn).execute();
}

/** Deletes pictures with their keys, which makes their objects unreadable. @returns the objects */
export async function deleteCheckInPictures(
  tx: Tx,
  checkIns: readonly string[],
  kinds?: readonly CheckInPictureKind[],
): Promise<Pick<CheckInPictureRow, 'check_in_id' | 'object_key' | 'submitted'>[]> {
  if (checkIns.length === 0) return [];
  let query = tx.deleteFrom('check_in_pictures').where('check_in_id', 'in', checkIns);
  if (kinds) query = query.where('kind', 'in', kinds);
  return query.returning(['check_in_id', 'object_key', 'submitted']).execute();
}

/** Objects of pictures that go when sessions are deleted with their check-ins, by session. */
export async function listCheckInObjects(
  ex: Executor,
  sessions: readonly string[],
): Promise<{ readonly session_id: string | null; readonly object_key: string }[]> {
  if (sessions.length === 0) return [];
  return ex
    .selectFrom('check_in_pictures')
    .innerJoin('check_ins', 'check_ins.id', 'check_in_pictures.check_in_id')
    .select(['check_ins.session_id', 'object_key'])
    .where('check_ins.session_id', 'in', sessions)
    .execute();
}

/** Which of these objects are pictures of check-ins. */
export async function knownCheckInObjects(ex: Executor, keys: readonly string[]): Promise<string[]> {
  if (keys.length === 0) return [];
  const rows = await ex.selectFrom('check_in_pictures').select('object_key').where('object_key', 'in', keys).execute();
  return rows.map(({ object_key }) => object_key);
}

/** Bytes of all pictures of check-ins. They are few: photos and documents live for days. */
export async function checkInBytes(ex: Executor): Promise<number> {
  const { rows } = await sql<{ bytes: string }>`
    SELECT coalesce(sum(bytes), 0)::text AS bytes FROM check_in_pictures`.execute(ex);
  return Number(rows[0]!.bytes);
}
