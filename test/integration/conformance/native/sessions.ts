import { expect } from 'vitest';
import { findSession } from '../../../../db/sessions.ts';
import type { Case } from '../case.ts';

const NOBODY = '00000000-0000-7000-8000-00000000ffff';

export const sessions: Case[] = [
  {
    operation: 'POST /api/sessions',
    does: 'starts an attempt',
    as: 'owner',
    call: async (world) => ({ path: '/api/sessions', json: { examId: (await world.exam()).id } }),
    status: 201,
    answers: ({ world, call }) => ({
      ...(call.json as object),
      studentId: world.owner.userId,
      status: 'active',
      riskScore: 0,
      riskLevel: 'Low',
    }),
    stored: async (db, { world, body }) =>
      expect(await findSession(db, body.id)).toMatchObject({ student_id: world.owner.userId, exam_id: body.examId }),
  },
  {
    operation: 'POST /api/sessions',
    does: 'refuses a second attempt with the id of the first',
    as: 'owner',
    call: async (world) => {
      const { id, examId } = await world.session();
      return { path: '/api/sessions', json: { examId }, ids: { id } };
    },
    status: 409,
    answers: ({ call }) => ({ code: 'session_exists', ref: call.ids!['id'] }),
  },
  {
    operation: 'POST /api/sessions/{id}/end',
    does: 'ends it',
    as: 'owner',
    call: async (world) => ({ path: `/api/sessions/${(await world.event()).sessionId}/end` }),
    status: 200,
    answers: () => ({ status: 'ended', endReason: 'ended', riskScore: 3, riskLevel: 'Low' }),
    stored: async (db, { body }) =>
      expect(await findSession(db, body.id)).toMatchObject({ status: 'ended', end_reason: 'ended' }),
    belongs: 'to the owner and staff',
  },
  {
    operation: 'POST /api/sessions/commands',
    does: 'pauses sessions by id, and lists those that it cannot pause',
    as: 'proctor',
    call: async (world) => {
      const [running, ended] = [(await world.session()).id, (await world.endedSession()).id];
      const json = { do: 'pause', reason: 'a fire alarm', sessions: [running, ended, NOBODY] };
      return { path: '/api/sessions/commands', json, ids: { running, ended } };
    },
    status: 200,
    answers: ({ call: { ids } }) => ({
      done: [ids!['running']],
      failed: [
        { sessionId: ids!['ended'], studentName: 'Owner', code: 'session_over', retryable: false },
        { sessionId: NOBODY, studentName: null, code: 'not_found', retryable: false },
      ],
    }),
    stored: async (db, { call: { ids } }) =>
      expect(await findSession(db, ids!['running']!)).toMatchObject({ status: 'paused', paused_at: expect.any(Date) }),
  },
  {
    operation: 'POST /api/sessions/commands',
    does: 'refuses a command without what it requires',
    as: 'proctor',
    call: async (world) => ({
      path: '/api/sessions/commands',
      json: { do: 'terminate', sessions: [(await world.session()).id] },
    }),
    status: 400,
    answers: () => ({ code: 'bad_request', ref: 'body.reason' }),
  },
  {
    operation: 'POST /api/sessions/{id}/ticket',
    does: 'admits to the exam socket',
    as: 'owner',
    call: async (world) => ({ path: `/api/sessions/${(await world.session()).id}/ticket` }),
    status: 201,
    answers: () => ({ ticket: expect.any(String), url: '/ws/exam' }),
    belongs: 'to the owner',
  },
  {
    operation: 'GET /api/sessions',
    does: 'lists sessions by exam, student and status',
    as: 'proctor',
    call: async (world) => {
      const { id, examId } = await world.session();
      return {
        path: `/api/sessions?exam=${examId}&student=${world.owner.userId}&status=active&level=Low`,
        ids: { id },
      };
    },
    status: 200,
    answers: ({ call }) => ({ items: [{ id: call.ids!['id'], status: 'active' }], nextCursor: null }),
  },
  {
    operation: 'GET /api/sessions/{id}',
    does: 'returns a session',
    as: 'owner',
    call: async (world) => ({ path: `/api/sessions/${(await world.session()).id}` }),
    status: 200,
    answers: ({ world }) => ({ studentId: world.owner.userId, status: 'active' }),
    belongs: 'to the owner and staff',
  },
  {
    operation: 'POST /api/console/ticket',
    does: 'admits to the console socket',
    as: 'proctor',
    call: () => ({ path: '/api/console/ticket' }),
    status: 201,
    answers: () => ({ ticket: expect.any(String), url: '/ws/console' }),
  },
];
