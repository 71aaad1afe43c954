import { deleteCheckInPictures, listCheckInPictures, submitCheckInPictures } from '../../db/check-in-pictures.ts';
import { changeCheckIn, type CheckInRow, listCheckInDecisions } from '../../db/check-ins.ts';
import { CHECK_IN_PICTURES } from '../../protocol/check-in-bounds.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import { countPictures, missingKinds } from './kinds.ts';
import { actOnOwn, checkAhead, type CheckInParts, namedIn, type Own, wrongState } from './parts.ts';

const entry = (type: 'CHECK_IN_SUBMITTED' | 'CHECK_IN_LEFT' | 'CHECK_IN_WITHDRAWN', row: CheckInRow, at: Date) => ({
  type,
  entityId: row.exam_id,
  actor: row.student_id,
  at,
});

/**
 * Into the waiting room. The log commits to the pictures as staff see them from now on.
 * @param incomplete the student knows that something is missing
 * @throws ProtocolError `not_found`, `check_in_state`, `check_in_incomplete`, or as `checkAhead`
 */
export const submitCheckIn = (parts: CheckInParts, own: Own, incomplete: boolean): Promise<void> =>
  actOnOwn(parts, own, async (tx, row, at) => {
    if (row.state !== 'collecting' && row.state !== 'held') throw wrongState(row, 'the check-in was submitted already');
    await checkAhead(tx, own, at.getTime());
    const pictures = await listCheckInPictures(tx, row.id);
    const missing = missingKinds(row.wants, countPictures(pictures));
    const lacking = CHECK_IN_PICTURES.filter((kind) => missing.includes(kind) || row.retake.includes(kind));
    const [first] = lacking;
    if (first !== undefined && !incomplete)
      throw new ProtocolError('check_in_incomplete', `not there yet: ${lacking.join(', ')}`, { ref: first });
    await submitCheckInPictures(tx, row.id);
    await changeCheckIn(tx, row.id, { state: 'waiting', since: at });
    const shown = pictures.map(({ id, kind, digest }) => ({
      id,
      kind,
      digest: Buffer.from(digest).toString('base64url'),
    }));
    return {
      audit: [{ ...entry('CHECK_IN_SUBMITTED', row, at), payload: { ...namedIn(row), pictures: shown, missing } }],
    };
  });

/** Out of the waiting room, to take a picture again. @throws ProtocolError `not_found` or `check_in_state` */
export const leaveWaitingRoom = (parts: CheckInParts, own: Own): Promise<void> =>
  actOnOwn(parts, own, async (tx, row, at) => {
    if (row.state !== 'waiting') throw wrongState(row, 'the student is not in the waiting room');
    const [newest] = await listCheckInDecisions(tx, row.id, 1);
    await changeCheckIn(tx, row.id, { state: newest ? 'held' : 'collecting', since: at });
    return { audit: [{ ...entry('CHECK_IN_LEFT', row, at), payload: namedIn(row) }] };
  });

/** Ends the check-in and erases its pictures. @throws ProtocolError `not_found` or `check_in_state` */
export const withdrawCheckIn = (parts: CheckInParts, own: Own): Promise<void> =>
  actOnOwn(parts, own, async (tx, row, at) => {
    if (row.state === 'refused') throw wrongState(row, 'the check-in was refused; only staff can reopen it');
    const gone = await deleteCheckInPictures(tx, [row.id]);
    await changeCheckIn(tx, row.id, { state: 'withdrawn', since: at, closed_at: at, erased_at: at });
    return {
      audit: [{ ...entry('CHECK_IN_WITHDRAWN', row, at), payload: { ...namedIn(row), pictures: gone.length } }],
      objects: gone.map(({ object_key }) => object_key),
    };
  });
