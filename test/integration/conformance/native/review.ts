import { expect } from 'vitest';
import { listRescores } from '../../../../db/rescores.ts';
import { listReviews } from '../../../../db/reviews.ts';
import { findReviewWork } from '../../../../db/review-work.ts';
import { findSession } from '../../../../db/sessions.ts';
import { listVerdicts } from '../../../../db/verdicts.ts';
import type { Case } from '../case.ts';

export const review: Case[] = [
  {
    operation: 'POST /api/events/{id}/review',
    does: 'dismisses an event, which leaves the reviewed score',
    as: 'proctor',
    call: async (world) => {
      const { id, sessionId } = await world.event();
      return {
        path: `/api/events/${id}/review`,
        json: { decision: 'dismissed', reason: 'A notification took the focus' },
        ids: { id, sessionId },
      };
    },
    status: 201,
    answers: ({ world, call }) => ({
      review: {
        eventId: call.ids!['id'],
        decision: 'dismissed',
        reason: 'A notification took the focus',
        by: { id: world.proctor.userId, name: 'Proctor' },
      },
      event: { id: call.ids!['id'], review: 'dismissed' },
      session: { id: call.ids!['sessionId'], riskScore: 3, reviewedScore: 0 },
    }),
    stored: async (db, { world, call }) => {
      const rows = await listReviews(db, { event: call.ids!['id']! }, { cursor: undefined, limit: 10 });
      expect(rows).toMatchObject([{ decision: 'dismissed', by: world.proctor.userId }]);
    },
  },
  {
    operation: 'GET /api/events/{id}/reviews',
    does: 'lists the reviews of an event, newest first',
    as: 'proctor',
    call: async (world) => {
      const { id } = await world.event();
      for (const decision of ['dismissed', 'confirmed'])
        await world.proctor.post(`/api/events/${id}/review`, { decision, reason: 'Looked at it' });
      return { path: `/api/events/${id}/reviews` };
    },
    status: 200,
    answers: () => ({ items: [{ decision: 'confirmed' }, { decision: 'dismissed' }], nextCursor: null }),
  },
  {
    operation: 'POST /api/sessions/{id}/reviews',
    does: 'dismisses the events of a group in one act',
    as: 'proctor',
    call: async (world) => {
      const { id, sessionId } = await world.event();
      return {
        path: `/api/sessions/${sessionId}/reviews`,
        json: { decision: 'dismissed', reason: 'A notification took the focus', events: { undecided: [id] } },
        ids: { id, sessionId },
      };
    },
    status: 201,
    answers: ({ world, call }) => ({
      reviews: [{ eventId: call.ids!['id'], decision: 'dismissed', by: { id: world.proctor.userId } }],
      events: [{ id: call.ids!['id'], review: 'dismissed' }],
      session: { id: call.ids!['sessionId'], riskScore: 3, reviewedScore: 0 },
    }),
    stored: async (db, { call, body }) =>
      expect(await listReviews(db, { session: call.ids!['sessionId']! }, { limit: 10 })).toMatchObject([
        { event_id: call.ids!['id'], decision: 'dismissed', act_id: body.act, undoes: null },
      ]),
  },
  {
    operation: 'POST /api/sessions/{id}/reviews',
    does: 'changes nothing if somebody has decided meanwhile',
    as: 'proctor',
    call: async (world) => {
      const { id, sessionId } = await world.event();
      await world.admin.post(`/api/events/${id}/review`, { decision: 'confirmed', reason: 'Looked at it' });
      return {
        path: `/api/sessions/${sessionId}/reviews`,
        json: { decision: 'dismissed', reason: 'A notification', events: { undecided: [id] } },
        ids: { id, sessionId },
      };
    },
    status: 409,
    answers: ({ call }) => ({ code: 'decided_meanwhile', ref: call.ids!['id'] }),
    stored: async (db, { call }) =>
      expect(await listReviews(db, { session: call.ids!['sessionId']! }, { limit: 10 })).toMatchObject([
        { decision: 'confirmed' },
      ]),
  },
  {
    operation: 'GET /api/sessions/{id}/reviews',
    does: 'lists the reviews of a session, newest first',
    as: 'proctor',
    call: async (world) => {
      const { id, sessionId } = await world.event();
      for (const decision of ['dismissed', 'confirmed'])
        await world.proctor.post(`/api/events/${id}/review`, { decision, reason: 'Looked at it' });
      return { path: `/api/sessions/${sessionId}/reviews` };
    },
    status: 200,
    answers: () => ({ items: [{ decision: 'confirmed' }, { decision: 'dismissed' }], nextCursor: null }),
  },
  {
    operation: 'POST /api/sessions/{id}/reviews/{act}/undo',
    does: 'returns the events of an act to the decisions that they had',
    as: 'proctor',
    call: async (world) => {
      const { id, sessionId } = await world.event();
      const { act } = await world.proctor.post<{ act: string }>(`/api/sessions/${sessionId}/reviews`, {
        decision: 'dismissed',
        reason: 'A slip',
        events: { undecided: [id] },
      });
      return { path: `/api/sessions/${sessionId}/reviews/${act}/undo`, ids: { id, sessionId, act } };
    },
    status: 201,
    answers: ({ call }) => ({
      reviews: [{ eventId: call.ids!['id'], decision: 'reopened', undoes: call.ids!['act'] }],
      events: [{ id: call.ids!['id'], review: null }],
      session: { riskScore: 3, reviewedScore: 3 },
    }),
    stored: async (db, { call }) =>
      expect(await listReviews(db, { session: call.ids!['sessionId']! }, { limit: 10 })).toMatchObject([
        { decision: 'reopened', undoes: call.ids!['act'] },
        { decision: 'dismissed', act_id: call.ids!['act'] },
      ]),
  },
  {
    operation: 'POST /api/sessions/{id}/verdict',
    does: "records a named person's judgement",
    as: 'proctor',
    call: async (world) => ({
      path: `/api/sessions/${(await world.endedSession()).id}/verdict`,
      json: { verdict: 'no_concern', reason: 'Nothing to see' },
    }),
    status: 201,
    answers: ({ world }) => ({
      verdict: 'no_concern',
      reason: 'Nothing to see',
      by: { id: world.proctor.userId, name: 'Proctor' },
    }),
    stored: async (db, { world, body }) =>
      expect(await listVerdicts(db, body.sessionId, 10)).toMatchObject([
        { verdict: 'no_concern', by: world.proctor.userId },
      ]),
  },
  {
    operation: 'POST /api/sessions/{id}/verdict',
    does: 'is refused without a reason',
    as: 'proctor',
    call: async (world) => {
      const { id } = await world.endedSession();
      return { path: `/api/sessions/${id}/verdict`, json: { verdict: 'violation' }, ids: { id } };
    },
    status: 400,
    answers: () => ({ code: 'bad_request', errors: [{ field: 'body.reason' }] }),
    stored: async (db, { call }) => expect(await listVerdicts(db, call.ids!['id']!, 10)).toEqual([]),
  },
  {
    operation: 'POST /api/sessions/{id}/rescore',
    does: 'scores a session under another version; the old result stays',
    as: 'proctor',
    call: async (world) => {
      const { sessionId } = await world.event();
      const { examId } = await world.owner.post<{ examId: string }>(`/api/sessions/${sessionId}/end`);
      await world.admin.request('PUT', `/api/exams/${examId}`, {
        title: 'Stricter',
        policy: { weights: { TAB_SWITCH: 11 } },
      });
      return {
        path: `/api/sessions/${sessionId}/rescore`,
        json: { policyVersion: 2, reason: 'The weights were wrong' },
      };
    },
    status: 201,
    answers: ({ world }) => ({ policyVersion: 2, riskScore: 11, riskLevel: 'High', by: { id: world.proctor.userId } }),
    stored: async (db, { body }) => {
      expect(await findSession(db, body.sessionId)).toMatchObject({ risk_score: 3, policy_version: 1 });
      expect(await listRescores(db, body.sessionId, 10)).toMatchObject([{ policy_version: 2 }]);
    },
  },
  {
    operation: 'PUT /api/review-assignments',
    does: 'gives a session to a reviewer',
    as: 'admin',
    call: async (world) => {
      const { id } = await world.endedSession();
      return {
        path: '/api/review-assignments',
        json: { sessions: [id], reviewer: world.proctor.userId },
        ids: { id },
      };
    },
    status: 200,
    answers: () => ({ changed: 1 }),
    stored: async (db, { world, call }) =>
      expect(await findReviewWork(db, call.ids!['id']!)).toMatchObject({ reviewer: { id: world.proctor.userId } }),
  },
  {
    operation: 'GET /api/given-work',
    does: 'counts what waits for the caller',
    as: 'proctor',
    call: async (world) => {
      const { id } = await world.endedSession();
      await world.admin.request('PUT', '/api/review-assignments', { sessions: [id], reviewer: world.proctor.userId });
      return { path: '/api/given-work' };
    },
    status: 200,
    answers: () => ({ appeals: 0, appealsToGive: 0 }),
    effect: ({ body }) => Promise.resolve(expect(body.reviews).toBeGreaterThan(0)),
  },
  {
    operation: 'PUT /api/review-assignments',
    does: 'gives no session to its own student',
    as: 'admin',
    call: async (world) => {
      const { id } = await world.endedSession();
      return { path: '/api/review-assignments', json: { sessions: [id], reviewer: world.owner.userId }, ids: { id } };
    },
    status: 404,
    answers: ({ call }) => ({ code: 'not_found', ref: call.ids!['id'] }),
    stored: async (db, { call }) =>
      expect(await findReviewWork(db, call.ids!['id']!)).toMatchObject({ reviewer: null }),
  },
  {
    operation: 'GET /api/sessions/{id}/report',
    does: 'exports the report of a session as PDF',
    as: 'proctor',
    call: async (world) => ({ path: `/api/sessions/${(await world.endedSession()).id}/report?pictures=false` }),
    status: 200,
    answers: () => expect.anything(),
  },
];
