import type { Db } from '../../../../db/executor.ts';
import { Id } from '../../../../protocol/events.ts';
import { PathId } from '../../../../protocol/http/lists.ts';
import {
  FaceCheckBegun,
  FaceCheckBody,
  HeadTurnBody,
  RequestMade,
  RoomLookBody,
} from '../../../../protocol/http/requests.ts';
import { staffSession } from '../../../access/session-access.ts';
import type { Viewer } from '../../../../db/visibility.ts';
import type { LiveSessions } from '../../../session/live/session-acts.ts';
import { eventView } from '../../../session/record/event-view.ts';
import { staffRoute, type Route } from '../../pipeline/route.ts';

export interface RequestRouteParts {
  readonly db: Db;
  readonly sessions: LiveSessions;
}

const CheckPath = PathId.extend({ eventId: Id });

/** Requests of staff to the student of a running session. */
export function requestRoutes({ db, sessions }: RequestRouteParts): Route[] {
  /** @throws ProtocolError `not_found` or `forbidden` */
  const checkCommanded = (id: string, who: Viewer) => staffSession(db, id, who, 'command');

  return [
    staffRoute({
      method: 'POST',
      path: '/api/sessions/:id/challenges',
      tag: 'Sessions',
      summary: 'Asks the student to turn the head',
      description:
        'To a side that the server draws, unless one is given. The outcome is an event: `CHALLENGE_PASSED`, `CHALLENGE_FAILED`, or `CHALLENGE_NOT_SEEN` if camera, connection or page did not let it be seen.',
      answer: RequestMade,
      status: 201,
      problems: ['session_over', 'session_paused', 'session_not_live', 'challenges_off', 'request_pending'],
      params: PathId,
      body: HeadTurnBody,
      handle: async ({ params, body, who }) => {
        await checkCommanded(params.id, who);
        const made = await sessions.ask(params.id, 'askHeadTurn', { by: who.userId, ...body });
        return { event: eventView(made) };
      },
    }),
    staffRoute({
      method: 'POST',
      path: '/api/sessions/:id/room-looks',
      tag: 'Sessions',
      summary: 'Asks the student to show the room',
      description:
        'The student begins or declines. For about 20 s frames are kept as pictures of the event `ROOM_LOOK`, where the policy keeps pictures, and nothing is concluded from the camera. `details.result`: `shown`, `declined` (with `studentReason`), `unanswered`, `interrupted`, `client` (its client cannot show it).',
      answer: RequestMade,
      status: 201,
      problems: ['session_over', 'session_paused', 'session_not_live', 'request_pending'],
      params: PathId,
      body: RoomLookBody,
      handle: async ({ params, body, who }) => {
        await checkCommanded(params.id, who);
        const made = await sessions.ask(params.id, 'askRoomLook', { by: who.userId, ...body });
        return { event: eventView(made) };
      },
    }),
    staffRoute({
      method: 'POST',
      path: '/api/sessions/:id/face-checks',
      tag: 'Sessions',
      summary: 'Begins a face check by a person',
      description:
        'Keeps the next frame as the picture `present` of the event, beside the picture `start` of `startEvent`. The server compares nothing. Repeated by the same person, it returns the check that is open.',
      answer: FaceCheckBegun,
      status: 201,
      problems: ['session_over', 'session_not_live', 'start_picture_missing', 'request_pending'],
      params: PathId,
      handle: async ({ params, who }) => {
        await checkCommanded(params.id, who);
        const { event, startEvent } = await sessions.ask(params.id, 'beginFaceCheck', { by: who.userId });
        return { event: eventView(event), startEvent };
      },
    }),
    staffRoute({
      method: 'POST',
      path: '/api/sessions/:id/face-checks/:eventId/outcome',
      tag: 'Sessions',
      summary: 'Records the outcome of a face check',
      description: 'By the person who began it, once.',
      answer: RequestMade,
      status: 201,
      problems: ['session_over', 'session_not_live', 'request_pending'],
      params: CheckPath,
      body: FaceCheckBody,
      handle: async ({ params, body, who }) => {
        await checkCommanded(params.id, who);
        const made = await sessions.ask(params.id, 'decideFaceCheck', {
          by: who.userId,
          event: params.eventId,
          decision: body,
        });
        return { event: eventView(made) };
      },
    }),
  ];
}
