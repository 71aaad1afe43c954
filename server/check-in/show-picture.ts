import { appendAudit } from '../../db/audit/append.ts';
import { findCheckInPicture } from '../../db/check-in-pictures.ts';
import { type CheckInRow, findOpenCheckIn } from '../../db/check-ins.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import { type CheckInParts, namedIn, type Own } from './parts.ts';

const noPicture = () => new ProtocolError('not_found', 'picture not found');

/**
 * A picture of a check-in for staff, once its student has submitted it. That `by` asks for it is in the audit log before
 * anything is shown. @throws ProtocolError `not_found`, `unavailable` or `internal`
 */
export async function showCheckInPicture(
  { db, clock, checkInPictures }: CheckInParts,
  by: string,
  checkIn: CheckInRow,
  id: string,
): Promise<Uint8Array> {
  const picture = await db.transaction().execute(async (tx) => {
    const row = await findCheckInPicture(tx, checkIn.id, id);
    if (!row?.submitted) throw noPicture();
    await appendAudit(tx, {
      type: 'CHECK_IN_VIEWED',
      entityId: checkIn.exam_id,
      actor: by,
      at: new Date(clock()),
      payload: { ...namedIn(checkIn), pictureId: id, kind: row.kind },
    });
    return row;
  });
  return checkInPictures.get(picture);
}

/** A picture of the student's own open check-in. @throws ProtocolError `not_found`, `unavailable` or `internal` */
export async function showOwnPicture(
  { db, checkInPictures }: CheckInParts,
  { examId, studentId }: Own,
  id: string,
): Promise<Uint8Array> {
  const row = await findOpenCheckIn(db, examId, studentId);
  const picture = row && (await findCheckInPicture(db, row.id, id));
  if (!picture) throw noPicture();
  return checkInPictures.get(picture);
}
