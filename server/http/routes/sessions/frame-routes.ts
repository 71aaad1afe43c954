import type { Db } from '../../../../db/executor.ts';
import { badField, ProtocolError } from '../../../../protocol/errors.ts';
import { FrameAnalysis, FrameBody, FrameQuery } from '../../../../protocol/http/frames.ts';
import { checkOwnSession } from '../../../session/live/own-session.ts';
import type { SessionRegistry } from '../../../session/live/session-registry.ts';
import type { LiveSessions } from '../../../session/live/session-acts.ts';
import { KeyedBuckets } from '../../../token-bucket.ts';
import { type Route, userRoute } from '../../pipeline/route.ts';

export interface FrameRouteParts {
  readonly db: Db;
  readonly registry: SessionRegistry;
  readonly sessions: LiveSessions;
}

/**
 * Frames an account may post; the session's own limits apply after that. A policy can ask for at most 15 per second.
 */
const POSTED = { burst: 90, perSecond: 45 };

/** Limits posted frames per account before the body is read. The function throws ProtocolError `too_many_frames`. */
export function postedFrames(): (who: { readonly userId: string }) => void {
  const buckets = new KeyedBuckets(POSTED);
  return ({ userId }) => {
    if (!buckets.take(userId, performance.now()))
      throw new ProtocolError('too_many_frames', `at most ${POSTED.perSecond} frames per second per account`, {
        retryable: true,
        retryAfterSeconds: 2,
      });
  };
}

/** Errors of a posted frame. */
export const FRAME_PROBLEMS = [
  'not_found',
  'session_over',
  'session_paused',
  'session_not_live',
  'frame_too_large',
  'picture_too_large',
  'invalid_image',
  'frames_refused',
  'rate_limited',
  'too_many_frames',
] as const;

export function frameRoutes(parts: FrameRouteParts): Route[] {
  const admitFrame = postedFrames();
  return [
    userRoute({
      line: 'own',
      method: 'POST',
      path: '/api/cv/analyze-frame',
      tag: 'Proctoring',
      summary: 'Analyses a frame',
      description: 'Same analysis as on the exam socket. Responds after resulting events are committed.',
      answer: FrameAnalysis,
      problems: FRAME_PROBLEMS,
      query: FrameQuery,
      kind: 'multipart',
      body: FrameBody,
      admit: async ({ query, who }) => {
        admitFrame(who);
        if (query.sessionId !== undefined) await checkOwnSession(parts, query.sessionId, who);
      },
      handle: async ({ query, body, who }) => {
        const id = query.sessionId ?? body.sessionId;
        if (id === undefined) throw badField('query.sessionId', 'is required');
        await checkOwnSession(parts, id, who);
        return parts.sessions.ask(id, 'analyse', { jpeg: body.file });
      },
    }),
  ];
}
