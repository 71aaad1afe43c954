import { expect } from 'vitest';
import { findEvent } from '../../../../db/events.ts';
import { jpeg } from '../../../support/pictures.ts';
import type { Case } from '../case.ts';

export const proctoring: Case[] = [
  {
    operation: 'POST /api/proctoring/event',
    does: 'stores what the client noticed, with its weight',
    as: 'owner',
    call: async (world) => ({
      path: '/api/proctoring/event',
      json: {
        sessionId: (await world.session()).id,
        type: 'TAB_SWITCH',
        at: '2026-01-01T10:00:00.000Z',
        data: { tab: 2 },
      },
    }),
    status: 201,
    answers: ({ call }) => ({
      sessionId: (call.json as { sessionId: string }).sessionId,
      type: 'TAB_SWITCH',
      source: 'client',
      weight: 3,
      seq: 1,
    }),
    stored: async (db, { body }) =>
      expect(await findEvent(db, body.id)).toMatchObject({ session_id: body.sessionId, type: 'TAB_SWITCH', weight: 3 }),
    belongs: 'to the owner',
  },
  {
    operation: 'GET /api/proctoring/my-attempt/{id}',
    does: 'shows a student their own session and what was noted',
    as: 'owner',
    call: async (world) => ({ path: `/api/proctoring/my-attempt/${(await world.event()).sessionId}` }),
    status: 200,
    answers: ({ world }) => ({
      session: { studentId: world.owner.userId, riskScore: 3 },
      counts: [{ type: 'TAB_SWITCH', count: 1, weight: 3 }],
      events: { items: [{ type: 'TAB_SWITCH' }] },
      verdict: null,
    }),
    belongs: 'to the owner',
  },
  {
    operation: 'GET /api/proctoring/attempt/{id}',
    does: 'shows staff a session with all that was found and decided',
    as: 'proctor',
    call: async (world) => ({ path: `/api/proctoring/attempt/${(await world.event()).sessionId}` }),
    status: 200,
    answers: ({ world }) => ({
      student: { id: world.owner.userId, name: 'Owner' },
      session: { riskScore: 3 },
      counts: [{ type: 'TAB_SWITCH', count: 1 }],
      reviews: [],
      verdicts: [],
      verdict: null,
    }),
  },
  {
    operation: 'GET /api/proctoring/attempt/{id}/events',
    does: 'lists the events in their order',
    as: 'owner',
    call: async (world) => {
      const { id, sessionId } = await world.event();
      return { path: `/api/proctoring/attempt/${sessionId}/events`, ids: { id } };
    },
    status: 200,
    answers: ({ call }) => ({ items: [{ id: call.ids!['id'], seq: 1, type: 'TAB_SWITCH' }], nextCursor: null }),
    belongs: 'to the owner and staff',
  },
  {
    operation: 'GET /api/proctoring/attempt/{id}/ai-analysis',
    does: 'tells by the minute what the models saw',
    as: 'proctor',
    call: async (world) => {
      const { id } = await world.session();
      const body = new FormData();
      body.set('file', new Blob([new Uint8Array(jpeg())]), 'frame.jpg');
      await world.owner.send('POST', `/api/cv/analyze-frame?sessionId=${id}`, { body });
      await world.owner.post(`/api/sessions/${id}/end`);
      return { path: `/api/proctoring/attempt/${id}/ai-analysis`, ids: { id } };
    },
    status: 200,
    answers: ({ call }) => ({
      sessionId: call.ids!['id'],
      items: [{ frames: { received: 1, analysed: 1 }, faces: { none: 1, one: 0, more: 0 } }],
      nextCursor: null,
    }),
  },
  {
    operation: 'GET /api/proctoring/suspicious',
    does: 'lists sessions by risk, with the reasons',
    as: 'proctor',
    call: async (world) => {
      const { sessionId } = await world.event();
      const { examId } = await world.owner.get<{ examId: string }>(`/api/sessions/${sessionId}`);
      await world.owner.post('/api/proctoring/event', { sessionId, type: 'TAB_SWITCH' });
      return { path: `/api/proctoring/suspicious?exam=${examId}`, ids: { sessionId } };
    },
    status: 200,
    answers: ({ call }) => ({
      items: [
        {
          session: { id: call.ids!['sessionId'], riskScore: 6, riskLevel: 'Medium' },
          reasons: [{ type: 'TAB_SWITCH', count: 2, weight: 6 }],
        },
      ],
      nextCursor: null,
    }),
  },
  {
    operation: 'POST /api/cv/analyze-frame',
    does: 'shows a frame to the models',
    as: 'owner',
    call: async (world) => ({
      path: `/api/cv/analyze-frame?sessionId=${(await world.session()).id}`,
      file: new Uint8Array(jpeg()),
    }),
    status: 200,
    answers: () => ({ analysed: true, faces: 0, open: [], risk: { score: 0, level: 'Low' } }),
    belongs: 'to the owner',
  },
];
