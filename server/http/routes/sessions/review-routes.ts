import type { z } from 'zod';
import type { Db } from '../../../../db/executor.ts';
import { listReviews } from '../../../../db/reviews.ts';
import { findSession } from '../../../../db/sessions.ts';
import { findUser } from '../../../../db/users.ts';
import { ProtocolError } from '../../../../protocol/errors.ts';
import { PageQuery, PathId } from '../../../../protocol/http/lists.ts';
import {
  GroupReviewAnswer,
  GroupReviewBody,
  Rescore,
  RescoreBody,
  ReviewActPath,
  ReviewAnswer,
  ReviewBody,
  ReviewPage,
  Verdict,
  VerdictBody,
} from '../../../../protocol/http/reviews.ts';
import { noSession } from '../../../access/refused.ts';
import { staffEvent, staffSession } from '../../../access/session-access.ts';
import type { Clock } from '../../../clock.ts';
import { decisionView, reviewView } from '../../../session/review/decision-views.ts';
import { eventView } from '../../../session/record/event-view.ts';
import type { SessionRegistry } from '../../../session/live/session-registry.ts';
import { rescoreSession } from '../../../session/review/rescore-session.ts';
import type { DecidedEvents, Reviews } from '../../../session/review/reviews.ts';
import { sessionAnswer } from '../../../session/record/session-view.ts';
import { giveVerdict } from '../../../session/review/verdict.ts';
import { pageOf } from '../../lists/page.ts';
import { staffRoute, type Route } from '../../pipeline/route.ts';

/** Maximum size of a group decision, bytes: 500 events and the longest reason. */
const GROUP_LIMIT = 64 * 1024;

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

  async function groupAnswer(
    id: string,
    by: { userId: string; name: string },
    { decisions, events }: DecidedEvents,
  ): Promise<z.input<typeof GroupReviewAnswer>> {
    const session = await findSession(db, id);
    if (!session) throw noSession();
    return {
      act: decisions[0]?.act ?? '',
      reviews: decisions.map((decision) => decisionView(decision, id, by)),
      events: events.map(eventView),
      session: sessionAnswer(session, registry.find(id), clock()),
    };
  }

  return [
    staffRoute({
      method: 'POST',
      path: '/api/events/:id/review',
      tag: 'Review',
      summary: 'Reviews an event',
      description:
        'Confirms, dismisses or reopens it, with a reason. The newest review counts: dismissed events do not add to the reviewed score, reopened events are undecided again. Acts of staff (`source` is `proctor`) are facts and are refused.',
      answer: ReviewAnswer,
      problems: ['session_not_live', 'act_of_staff'],
      status: 201,
      params: PathId,
      body: ReviewBody,
      handle: async ({ params, body, who }) => {
        await staffEvent(db, params.id, who, 'review');
        const by = await named(who);
        const { decision, event } = await reviews.decide(params.id, by.userId, body);
        const session = await findSession(db, event.session_id);
        if (!session) throw new ProtocolError('not_found', 'event not found');
        const review = decisionView(decision, event.session_id, by);
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
      method: 'GET',
      path: '/api/sessions/:id/reviews',
      tag: 'Review',
      summary: 'Lists reviews of all events of a session',
      description: 'Newest first. Reviews of one act have the same `act`.',
      answer: ReviewPage,
      params: PathId,
      query: PageQuery,
      handle: async ({ params, query: { cursor, limit }, who }) => {
        const { id } = await staffSession(db, params.id, who, 'read');
        return pageOf(await listReviews(db, { session: id }, { cursor, limit }), limit, reviewView);
      },
    }),
    staffRoute({
      method: 'POST',
      path: '/api/sessions/:id/reviews',
      tag: 'Review',
      summary: 'Reviews several events of a session in one act',
      description:
        'One decision with one reason about at most 500 events, in one transaction: every event gets its review and its entry in the audit log, or none does. Refused with `decided_meanwhile` if an event no longer has the decision that the caller saw, and with `act_of_staff` if one is an act of staff.',
      answer: GroupReviewAnswer,
      problems: ['session_not_live', 'act_of_staff', 'decided_meanwhile'],
      status: 201,
      params: PathId,
      body: GroupReviewBody,
      bodyLimit: GROUP_LIMIT,
      handle: async ({ params, body, who }) => {
        const { id } = await staffSession(db, params.id, who, 'review');
        const by = await named(who);
        return groupAnswer(id, by, await reviews.decideTogether(id, by.userId, body));
      },
    }),
    staffRoute({
      method: 'POST',
      path: '/api/sessions/:id/reviews/:act/undo',
      tag: 'Review',
      summary: 'Undoes an act of review',
      description:
        'A decision about one event or several: each gets the decision that it had before, or is reopened, in one transaction. Refused with `decided_meanwhile` unless the act is the newest one of all its events that stands. Reviews stay; the undo adds its own.',
      answer: GroupReviewAnswer,
      problems: ['session_not_live', 'decided_meanwhile'],
      status: 201,
      params: ReviewActPath,
      handle: async ({ params, who }) => {
        const { id } = await staffSession(db, params.id, who, 'review');
        const by = await named(who);
        return groupAnswer(id, by, await reviews.undo(id, by.userId, params.act));
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
