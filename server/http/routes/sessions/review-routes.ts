import type { Db } from '../../../../db/executor.ts';
import { listReviews } from '../../../../db/reviews.ts';
import { findSession } from '../../../../db/sessions.ts';
import { findUser } from '../../../../db/users.ts';
import { ProtocolError } from '../../../../protocol/errors.ts';
import { PageQuery, PathId } from '../../../../protocol/http/lists.ts';
import {
  Rescore,
  RescoreBody,
  ReviewAnswer,
  ReviewBody,
  ReviewPage,
  Verdict,
  VerdictBody,
} from '../../../../protocol/http/reviews.ts';
import { staffEvent, staffSession } from '../../../access/session-access.ts';
import type { Clock } from '../../../clock.ts';
import { reviewView } from '../../../session/review/decision-views.ts';
import { eventView } from '../../../session/record/event-view.ts';
import type { SessionRegistry } from '../../../session/live/session-registry.ts';
import { rescoreSession } from '../../../session/review/rescore-session.ts';
import type { Reviews } from '../../../session/review/reviews.ts';
import { sessionAnswer } from '../../../session/record/session-view.ts';
import { giveVerdict } from '../../../session/review/verdict.ts';
import { pageOf } from '../../lists/page.ts';
import { staffRoute, type Route } from '../../pipeline/route.ts';

export interface ReviewRouteParts {
  readonly db: Db;
  readonly registry: SessionRegistry;
  readonly reviews: Reviews;
  readonly clock: Clock;
}

export function reviewRoutes(parts: ReviewRouteParts): Route[] {
  const { db, registry, reviews, clock } = parts;

  /** Decisions are signed with a name. */
  async function named({ userId }: { readonly userId: string }): Promise<{ userId: string; name: string }> {
    const user = await findUser(db, userId);
    if (!user) throw new ProtocolError('unauthenticated', 'account no longer exists');
    return { userId, name: user.name };
  }

  return [
    staffRoute({
      method: 'POST',
      path: '/api/events/:id/review',
      tag: 'Review',
      summary: 'Reviews an event',
      description:
        'Confirms, dismisses or reopens it, with a reason. The newest review counts: dismissed events do not add to the reviewed score, reopened events are undecided again.',
      answer: ReviewAnswer,
      problems: ['session_not_live'],
      status: 201,
      params: PathId,
      body: ReviewBody,
      handle: async ({ params, body, who }) => {
        await staffEvent(db, params.id, who, 'review');
        const by = await named(who);
        const { decision, event } = await reviews.decide(params.id, by.userId, body);
        const session = await findSession(db, event.session_id);
        if (!session) throw new ProtocolError('not_found', 'event not found');
        const review = reviewView({
          id: decision.id,
          event_id: event.id,
          session_id: event.session_id,
          decision: decision.decision,
          reason: decision.reason,
          by: by.userId,
          by_name: by.name,
          created_at: decision.at,
        });
        return { review, event: eventView(event), session: sessionAnswer(session, registry.find(session.id), clock()) };
      },
    }),
    staffRoute({
      method: 'GET',
      path: '/api/events/:id/reviews',
      tag: 'Review',
      summary: 'Lists reviews of an event',
      description: 'Newest first; the newest counts.',
      answer: ReviewPage,
      params: PathId,
      query: PageQuery,
      handle: async ({ params, query, who }) => {
        await staffEvent(db, params.id, who, 'read');
        const { cursor, limit } = query;
        return pageOf(await listReviews(db, { event: params.id }, { cursor, limit }), limit, reviewView);
      },
    }),
    staffRoute({
      method: 'POST',
      path: '/api/sessions/:id/verdict',
      tag: 'Review',
      summary: 'Records a verdict on a session',
      description: 'The session must have ended. A reason is required; the newest verdict counts.',
      answer: Verdict,
      problems: ['session_running'],
      status: 201,
      params: PathId,
      body: VerdictBody,
      handle: async ({ params, body, who }) => {
        await staffSession(db, params.id, who, 'review');
        return giveVerdict(parts, await named(who), params.id, body);
      },
    }),
    staffRoute({
      method: 'POST',
      path: '/api/sessions/:id/rescore',
      tag: 'Review',
      summary: 'Rescores a session under another policy version',
      description: 'The session must have ended. Recorded events do not change.',
      answer: Rescore,
      problems: ['session_running', 'unknown_policy_version'],
      status: 201,
      params: PathId,
      body: RescoreBody,
      handle: async ({ params, body, who }) => {
        await staffSession(db, params.id, who, 'review');
        return rescoreSession(parts, await named(who), params.id, body);
      },
    }),
  ];
}
