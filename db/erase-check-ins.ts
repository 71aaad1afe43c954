import type { CheckInPictureKind } from '../protocol/check-in-bounds.ts';
import type { NewAuditEntry } from './audit/append.ts';
import { deleteCheckInPictures } from './check-in-pictures.ts';
import { changeCheckIn, type CheckInRow } from './check-ins.ts';
import type { Tx } from './executor.ts';

export interface Erasure {
  /** Objects to remove from the store once it is committed; their keys are gone with it. */
  readonly objects: readonly string[];
  readonly audit: readonly NewAuditEntry[];
}

type Reason = 'retention' | 'anonymised' | 'retaken' | 'unenrolled';

/** Entry of the audit log about erased pictures. */
export const checkInErased = (
  { id, exam_id, student_id }: Pick<CheckInRow, 'id' | 'exam_id' | 'student_id'>,
  { pictures, reason, actor, at }: { pictures: number; reason: Reason; actor: string | null; at: Date },
): NewAuditEntry => ({
  type: 'CHECK_IN_ERASED',
  entityId: exam_id,
  actor,
  at,
  payload: { checkInId: id, studentId: student_id, pictures, reason },
});

/** Entry of the audit log about a check-in that no session has used. */
export const checkInDeleted = (
  { id, exam_id, student_id }: Pick<CheckInRow, 'id' | 'exam_id' | 'student_id'>,
  { reason, actor, at }: { reason: 'retention' | 'exam'; actor: string | null; at: Date },
): NewAuditEntry => ({
  type: 'CHECK_IN_DELETED',
  entityId: exam_id,
  actor,
  at,
  payload: { checkInId: id, studentId: student_id, reason },
});

/** Pictures of the room of a check-in that a session has used live as long as the session's own. */
const lastingKinds = ({ session_id, wants }: CheckInRow): readonly CheckInPictureKind[] | undefined =>
  session_id !== null && wants.roomWithSession ? ['photo', 'document'] : undefined;

/**
 * Erases photos and documents of locked check-ins, and pictures of the room that are not kept with a session. Open
 * check-ins are closed: staff would admit somebody whom they no longer can look at.
 * @param all also pictures of the room that are kept with a session
 */
export async function eraseCheckIns(
  tx: Tx,
  rows: readonly CheckInRow[],
  { actor, at, reason, all = false }: { actor: string | null; at: Date; reason: Reason; all?: boolean },
): Promise<Erasure> {
  const objects: string[] = [];
  const audit: NewAuditEntry[] = [];
  for (const row of rows) {
    const gone = await deleteCheckInPictures(tx, [row.id], all ? undefined : lastingKinds(row));
    objects.push(...gone.map(({ object_key }) => object_key));
    await changeCheckIn(tx, row.id, {
      erased_at: row.erased_at ?? at,
      ...(row.closed_at === null && { closed_at: at }),
    });
    if (gone.length > 0) audit.push(checkInErased(row, { pictures: gone.length, reason, actor, at }));
  }
  return { objects, audit };
}

/** Erases pictures of the room of locked check-ins. */
export async function eraseRooms(tx: Tx, rows: readonly CheckInRow[], at: Date): Promise<Erasure> {
  const gone = await deleteCheckInPictures(
    tx,
    rows.map(({ id }) => id),
    ['room'],
  );
  const pictures = (id: string) => gone.filter(({ check_in_id }) => check_in_id === id).length;
  return {
    objects: gone.map(({ object_key }) => object_key),
    audit: rows
      .filter(({ id }) => pictures(id) > 0)
      .map((row) => checkInErased(row, { pictures: pictures(row.id), reason: 'retention', actor: null, at })),
  };
}
