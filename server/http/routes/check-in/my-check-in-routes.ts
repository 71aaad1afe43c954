import type { Principal } from '../../../auth/logins/tokens.ts';
import { admitPicture, deletePictures, takePicture } from '../../../check-in/take-picture.ts';
import { leaveWaitingRoom, submitCheckIn, withdrawCheckIn } from '../../../check-in/waiting-room.ts';
import { openCheckIn } from '../../../check-in/open.ts';
import { readMyCheckIn, readMyState } from '../../../check-in/my-check-in.ts';
import type { CheckInParts } from '../../../check-in/parts.ts';
import { showOwnPicture } from '../../../check-in/show-picture.ts';
import { KeyedBuckets } from '../../../token-bucket.ts';
import { ProtocolError } from '../../../../protocol/errors.ts';
import { MAX_FRAME_BYTES } from '../../../../protocol/frame.ts';
import {
  CheckInPictureBody,
  CheckInPictureQuery,
  MyCheckIn,
  MyCheckInPicturePath,
  MyCheckInState,
  SubmitCheckInBody,
} from '../../../../protocol/http/check-in.ts';
import { JpegFile } from '../../../../protocol/http/evidence.ts';
import { PathId } from '../../../../protocol/http/lists.ts';
import { Reply, type Route, userRoute } from '../../pipeline/route.ts';

/** One picture and its multipart framing. */
const BODY_LIMIT = MAX_FRAME_BYTES + 16 * 1024;

/** Pictures, and other changes, of one account: each is a write, and most are entries of the audit log. */
const PICTURES = { burst: 240, perSecond: 2 };
const CHANGES = { burst: 240, perSecond: 0.5 };

/** Of a check-in for an attempt that could not begin. */
const NOT_AHEAD = [
  'exam_not_active',
  'exam_outside_window',
  'attempts_used',
  'readmission_required',
  'appeal_open',
  'session_exists',
] as const;

const tooFast = (retryAfterSeconds: number) =>
  new ProtocolError('rate_limited', 'too many changes of a check-in', { retryable: true, retryAfterSeconds });

/** Check-in of the caller before an exam. */
export function myCheckInRoutes(parts: CheckInParts): Route[] {
  const pictures = new KeyedBuckets(PICTURES);
  const changes = new KeyedBuckets(CHANGES);
  const mayChange = ({ userId }: Pick<Principal, 'userId'>) => {
    if (!changes.take(userId, performance.now())) throw tooFast(5);
  };
  const own = (examId: string, { userId: studentId }: Pick<Principal, 'userId'>) => ({ examId, studentId });
  const view = (examId: string, who: Principal) => readMyCheckIn(parts, examId, who);

  return [
    userRoute({
      method: 'GET',
      path: '/api/exams/:id/check-in',
      tag: 'Check-in',
      summary: "Returns the caller's open check-in",
      description:
        'With what the exam asks for, what is missing, the newest decision of staff with its reason, and the place in the waiting room.',
      answer: MyCheckIn,
      params: PathId,
      handle: ({ params, who }) => view(params.id, who),
    }),
    userRoute({
      method: 'GET',
      path: '/api/exams/:id/check-in/state',
      tag: 'Check-in',
      summary: "Returns the state of the caller's open check-in",
      description: 'For pages that wait: ask every 5 s, and read the check-in again when the revision differs.',
      answer: MyCheckInState,
      params: PathId,
      handle: ({ params, who }) => readMyState(parts, params.id, who.userId),
    }),
    userRoute({
      method: 'POST',
      path: '/api/exams/:id/check-in',
      tag: 'Check-in',
      summary: 'Opens a check-in',
      description:
        'From 60 minutes before the start of the exam, or once an exam without one is open; refused as a start would be then. An open check-in is answered as it is.',
      answer: MyCheckIn,
      problems: ['forbidden', 'check_in_off', ...NOT_AHEAD, 'rate_limited'],
      params: PathId,
      admit: ({ who }) => mayChange(who),
      handle: async ({ params, who }) => {
        await openCheckIn(parts, own(params.id, who), who);
        return view(params.id, who);
      },
    }),
    userRoute({
      method: 'POST',
      path: '/api/exams/:id/check-in/pictures',
      tag: 'Check-in',
      summary: 'Takes a picture for the check-in',
      description:
        'A JPEG as a frame, up to 1920 pixels on each side. A photo or a document replaces the one before. The look at the room has at most 12 pictures, 1 s apart or more. Stored encrypted; staff see it once it is submitted.',
      answer: MyCheckIn,
      status: 201,
      problems: [
        'check_in_state',
        'check_in_off',
        ...NOT_AHEAD,
        'frame_too_large',
        'picture_too_large',
        'invalid_image',
        'rate_limited',
        'too_many_frames',
      ],
      params: PathId,
      query: CheckInPictureQuery,
      kind: 'multipart',
      bodyLimit: BODY_LIMIT,
      body: CheckInPictureBody,
      admit: async ({ params, query, who }) => {
        if (!pictures.take(who.userId, performance.now())) throw tooFast(1);
        await admitPicture(parts, own(params.id, who), query.kind);
      },
      handle: async ({ params, query, body, who }) => {
        await takePicture(parts, own(params.id, who), query.kind, body.file);
        return view(params.id, who);
      },
    }),
    userRoute({
      method: 'GET',
      path: '/api/exams/:id/check-in/pictures/:picture',
      tag: 'Check-in',
      summary: "Returns a picture of the caller's open check-in",
      answer: JpegFile,
      produces: 'image/jpeg',
      params: MyCheckInPicturePath,
      handle: async ({ params, who }) =>
        new Reply(200, await showOwnPicture(parts, own(params.id, who), params.picture), {
          'Cache-Control': 'no-store',
        }),
    }),
    userRoute({
      method: 'DELETE',
      path: '/api/exams/:id/check-in/pictures',
      tag: 'Check-in',
      summary: 'Deletes pictures of the check-in',
      description: 'The photo, the document, or all pictures of the room. They are erased at once.',
      answer: MyCheckIn,
      problems: ['check_in_state', 'check_in_off', 'rate_limited'],
      params: PathId,
      query: CheckInPictureQuery,
      admit: ({ who }) => mayChange(who),
      handle: async ({ params, query, who }) => {
        await deletePictures(parts, own(params.id, who), query.kind);
        return view(params.id, who);
      },
    }),
    userRoute({
      method: 'POST',
      path: '/api/exams/:id/check-in/submit',
      tag: 'Check-in',
      summary: 'Goes to the waiting room',
      description:
        'Staff see the pictures from now on; their digests are in the audit log. With something missing only if the caller says so. The time of the exam begins at its start, not here.',
      answer: MyCheckIn,
      problems: ['check_in_state', 'check_in_incomplete', ...NOT_AHEAD, 'rate_limited'],
      params: PathId,
      body: SubmitCheckInBody,
      admit: ({ who }) => mayChange(who),
      handle: async ({ params, body, who }) => {
        await submitCheckIn(parts, own(params.id, who), body.incomplete);
        return view(params.id, who);
      },
    }),
    userRoute({
      method: 'POST',
      path: '/api/exams/:id/check-in/leave',
      tag: 'Check-in',
      summary: 'Leaves the waiting room',
      description: 'To take a picture again; the pictures stay.',
      answer: MyCheckIn,
      problems: ['check_in_state', 'rate_limited'],
      params: PathId,
      admit: ({ who }) => mayChange(who),
      handle: async ({ params, who }) => {
        await leaveWaitingRoom(parts, own(params.id, who));
        return view(params.id, who);
      },
    }),
    userRoute({
      method: 'DELETE',
      path: '/api/exams/:id/check-in',
      tag: 'Check-in',
      summary: 'Withdraws the check-in',
      description: 'All of its pictures are erased at once. A refused one stays: only staff reopen it.',
      answer: MyCheckIn,
      problems: ['check_in_state', 'rate_limited'],
      params: PathId,
      admit: ({ who }) => mayChange(who),
      handle: async ({ params, who }) => {
        await withdrawCheckIn(parts, own(params.id, who));
        return view(params.id, who);
      },
    }),
  ];
}
