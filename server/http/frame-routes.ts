import type { Db } from '../../db/executor.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import { FrameAnalysis, FrameBody, FrameQuery } from '../../protocol/http/frames.ts';
import { openOwnSession } from '../session/own-session.ts';
import type { Registry } from '../session/registry.ts';
import { type Route, userRoute } from './route.ts';

export interface FrameRouteParts {
  readonly db: Db;
  readonly registry: Registry;
}

/** What can go wrong with a posted frame. */
export const FRAME_PROBLEMS = [
  'not_found', 'session_over', 'session_paused', 'session_not_live', 'frame_too_large', 'invalid_image', 'frames_refused', 'rate_limited', 'too_many_frames',
] as const;

export const frameRoutes = (parts: FrameRouteParts): Route[] => [
  userRoute({
    method: 'POST',
    path: '/api/cv/analyze-frame',
    tag: 'Proctoring',
    summary: 'Shows a frame to the models, as the exam socket does; answered when what followed is committed',
    answer: FrameAnalysis,
    problems: FRAME_PROBLEMS,
    query: FrameQuery,
    kind: 'multipart',
    body: FrameBody,
    handle: async ({ query, body, who }) => {
      const id = query.sessionId ?? body.sessionId;
      if (id === undefined) {
        throw new ProtocolError('bad_request', 'query.sessionId: names the session', { ref: 'query.sessionId', fields: [{ field: 'query.sessionId', message: 'names the session' }] });
      }
      const session = await openOwnSession(parts, id, who);
      return session.look(body.file);
    },
  }),
];
