import {
  type CheckInPictureRow,
  deleteCheckInPictures,
  insertCheckInPicture,
  listCheckInPictures,
} from '../../db/check-in-pictures.ts';
import { changeCheckIn, type CheckInRow, findOpenCheckIn } from '../../db/check-ins.ts';
import { checkInErased } from '../../db/erase-check-ins.ts';
import type { Tx } from '../../db/executor.ts';
import { CHECK_IN_ROOM, CHECK_IN_UPLOADS, type CheckInPictureKind } from '../../protocol/check-in-bounds.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import { HEADER_BYTES, MAX_FRAME_BYTES, MAX_SIDE } from '../../protocol/frame.ts';
import { noCheckIn } from '../access/refused.ts';
import { readJpegHeader } from '../session/frames/jpeg-header.ts';
import { type ActResult, actOnOwn, checkAhead, type CheckInParts, type Own, wrongState } from './parts.ts';

/** As of a frame. */
const MAX_BYTES = MAX_FRAME_BYTES - HEADER_BYTES;

/** @throws ProtocolError `check_in_state`, `check_in_off` or `rate_limited` */
function checkTaking(row: CheckInRow, kind: CheckInPictureKind): void {
  if (row.state !== 'collecting' && row.state !== 'held')
    throw wrongState(row, 'pictures can be taken before the check-in is submitted, or while it is held');
  if (!row.wants[kind]) throw new ProtocolError('check_in_off', `the exam asks for no ${kind} picture`, { ref: kind });
}

/** @throws ProtocolError `rate_limited` */
function checkUploads({ uploads }: CheckInRow): void {
  if (uploads >= CHECK_IN_UPLOADS)
    throw new ProtocolError('rate_limited', `at most ${CHECK_IN_UPLOADS} pictures for a check-in`, {
      refusal: { kind: 'flood' },
    });
}

/** The checks of a picture that need no body. @throws ProtocolError as `takePicture` */
export async function admitPicture(
  { db, clock }: Pick<CheckInParts, 'db' | 'clock'>,
  own: Own,
  kind: CheckInPictureKind,
): Promise<CheckInRow> {
  const row = await findOpenCheckIn(db, own.examId, own.studentId);
  if (!row) throw noCheckIn();
  await checkAhead(db, own, clock());
  checkTaking(row, kind);
  checkUploads(row);
  return row;
}

/** @throws ProtocolError `frame_too_large`, `invalid_image` or `picture_too_large` */
function checkJpeg(jpeg: Uint8Array): void {
  if (jpeg.byteLength > MAX_BYTES)
    throw new ProtocolError('frame_too_large', `the picture exceeds the maximum of ${MAX_BYTES} bytes`);
  const header = readJpegHeader(jpeg);
  if (!header.ok) throw new ProtocolError('invalid_image', header.problem);
  // No model sees it; people read a document in it.
  const { width, height } = header;
  if (Math.max(width, height) > MAX_SIDE)
    throw new ProtocolError('picture_too_large', `${width}x${height} exceeds the maximum of ${MAX_SIDE} on a side`);
}

/**
 * Stores a picture of the student's open check-in. One of a photo or a document replaces the one before; the look at the
 * room has a bounded number, taken over some time.
 * @throws ProtocolError `not_found`, `check_in_state`, `check_in_off`, `rate_limited`, `too_many_frames`,
 *   `frame_too_large`, `invalid_image`, `picture_too_large`, `unavailable`, or as `checkAhead`
 */
export async function takePicture(
  parts: CheckInParts,
  own: Own,
  kind: CheckInPictureKind,
  jpeg: Uint8Array,
): Promise<void> {
  checkJpeg(jpeg);
  const before = await admitPicture(parts, own, kind);
  const picture = await parts.checkInPictures.put({ checkIn: before.id, kind, at: new Date(parts.clock()) }, jpeg);
  try {
    await actOnOwn(parts, own, (tx, row, at) => keep(tx, row, picture, at));
  } catch (error) {
    parts.pictures.discard([picture.object_key]);
    throw error;
  }
}

async function keep(tx: Tx, row: CheckInRow, picture: CheckInPictureRow, at: Date): Promise<ActResult> {
  // Withdrawn and opened anew meanwhile.
  if (row.id !== picture.check_in_id) throw noCheckIn();
  const { kind } = picture;
  await checkAhead(tx, { examId: row.exam_id, studentId: row.student_id }, at.getTime());
  checkTaking(row, kind);
  checkUploads(row);
  const replaced = kind === 'room' ? await checkRoom(tx, row, picture, at) : await removeKind(tx, row, kind, at);
  await insertCheckInPicture(tx, picture);
  await changeCheckIn(tx, row.id, {
    uploads: row.uploads + 1,
    retake: row.retake.filter((asked) => asked !== kind),
  });
  return replaced;
}

/** @throws ProtocolError `too_many_frames` */
async function checkRoom(tx: Tx, row: CheckInRow, { at: takenAt }: CheckInPictureRow, at: Date): Promise<ActResult> {
  const { most, leastMs } = CHECK_IN_ROOM;
  // Asked to show it again: the look begins anew.
  if (row.retake.includes('room')) return removeKind(tx, row, 'room', at);
  const taken = (await listCheckInPictures(tx, row.id)).filter((picture) => picture.kind === 'room');
  if (taken.length >= most)
    throw new ProtocolError('too_many_frames', `a look at the room has at most ${most} pictures; delete them first`);
  const last = taken.at(-1)?.at.getTime();
  if (last !== undefined && Math.abs(takenAt.getTime() - last) < leastMs)
    throw new ProtocolError('too_many_frames', `a look at the room has at most one picture in ${leastMs} ms`, {
      retryable: true,
      retryAfterSeconds: 1,
    });
  return { audit: [] };
}

/** Of pictures that staff have seen, the log has the end as well. */
async function removeKind(tx: Tx, row: CheckInRow, kind: CheckInPictureKind, at: Date): Promise<ActResult> {
  const gone = await deleteCheckInPictures(tx, [row.id], [kind]);
  const shown = gone.filter(({ submitted }) => submitted).length;
  const entry = { pictures: shown, reason: 'retaken', actor: row.student_id, at } as const;
  return {
    audit: shown > 0 ? [checkInErased(row, entry)] : [],
    objects: gone.map(({ object_key }) => object_key),
  };
}

/** Deletes the student's pictures of a kind. @throws ProtocolError `not_found` or `check_in_state` */
export const deletePictures = (parts: CheckInParts, own: Own, kind: CheckInPictureKind): Promise<void> =>
  actOnOwn(parts, own, async (tx, row, at) => {
    checkTaking(row, kind);
    const removed = await removeKind(tx, row, kind, at);
    await changeCheckIn(tx, row.id, { retake: row.retake.filter((asked) => asked !== kind) });
    return removed;
  });
