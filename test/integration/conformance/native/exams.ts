import { sql } from 'kysely';
import { expect } from 'vitest';
import { findExam } from '../../../../db/exams.ts';
import type { Case } from '../case.ts';

const WINDOW = { startsAt: '2026-01-01T10:00:00.000Z', endsAt: '2100-01-01T10:00:00.000Z' };

export const exams: Case[] = [
  {
    operation: 'POST /api/exams',
    does: 'creates a draft',
    as: 'admin',
    call: () => ({
      path: '/api/exams',
      json: { title: 'Algebra', ...WINDOW, durationMinutes: 90, policy: { weights: { TAB_SWITCH: 7 } } },
    }),
    status: 201,
    answers: () => ({
      title: 'Algebra',
      ...WINDOW,
      durationMinutes: 90,
      status: 'draft',
      policyVersion: 1,
      policy: { weights: { TAB_SWITCH: 7, NO_FACE: 2 } },
    }),
    stored: async (db, { body }) =>
      expect(await findExam(db, body.id)).toMatchObject({ title: 'Algebra', status: 'draft', duration_minutes: 90 }),
  },
  {
    operation: 'GET /api/exams',
    does: 'lists exams, newest first',
    as: 'admin',
    call: async (world) => ({ path: '/api/exams?limit=1', ids: { exam: (await world.exam()).id } }),
    status: 200,
    answers: ({ call }) => ({ items: [{ id: call.ids!['exam'] }], nextCursor: call.ids!['exam'] }),
  },
  {
    operation: 'GET /api/exams/{id}',
    does: 'returns an exam',
    as: 'admin',
    call: async (world) => ({ path: `/api/exams/${(await world.exam({ title: 'Geometry' })).id}` }),
    status: 200,
    answers: () => ({ title: 'Geometry', status: 'active' }),
  },
  {
    operation: 'PUT /api/exams/{id}',
    does: 'replaces an exam; a changed policy gets a new version',
    as: 'admin',
    call: async (world) => ({
      path: `/api/exams/${(await world.exam()).id}`,
      json: { title: 'Optics', durationMinutes: 45, policy: { weights: { NO_FACE: 9 } } },
    }),
    status: 200,
    answers: () => ({
      title: 'Optics',
      durationMinutes: 45,
      policyVersion: 2,
      policy: { weights: { NO_FACE: 9 } },
      status: 'active',
    }),
    stored: async (db, { body }) =>
      expect(await findExam(db, body.id)).toMatchObject({ title: 'Optics', policy_version: 2 }),
  },
  {
    operation: 'PATCH /api/exams/{id}/status',
    does: 'changes the status',
    as: 'admin',
    call: async (world) => ({ path: `/api/exams/${(await world.exam()).id}/status`, json: { status: 'completed' } }),
    status: 200,
    answers: () => ({ status: 'completed' }),
    stored: async (db, { body }) => expect(await findExam(db, body.id)).toMatchObject({ status: 'completed' }),
  },
  {
    operation: 'PATCH /api/exams/{id}/status',
    does: 'refuses an impossible transition',
    as: 'admin',
    call: async (world) => {
      const { id } = await world.exam({ status: 'draft' });
      return { path: `/api/exams/${id}/status`, json: { status: 'completed' }, ids: { id } };
    },
    status: 409,
    answers: () => ({ code: 'bad_transition' }),
    stored: async (db, { call }) => expect(await findExam(db, call.ids!['id']!)).toMatchObject({ status: 'draft' }),
  },
  {
    operation: 'GET /api/exams/{id}/contents',
    does: 'counts what would be deleted with an exam',
    as: 'admin',
    call: async (world) => {
      const { examId } = await world.owner.get<{ examId: string }>(`/api/sessions/${(await world.event()).sessionId}`);
      return { path: `/api/exams/${examId}/contents`, ids: { examId } };
    },
    status: 200,
    answers: () => ({ assignments: 0, policyVersions: 1, sessions: 1, events: 1, pictures: 0, verdicts: 0 }),
    stored: async (db, { call, body }) => {
      const { rows } = await sql<{ events: number }>`SELECT count(*)::integer AS events FROM events
        JOIN sessions ON sessions.id = session_id WHERE exam_id = ${call.ids!['examId']!}::uuid`.execute(db);
      expect(rows).toEqual([{ events: body.events }]);
    },
  },
  {
    operation: 'DELETE /api/exams/{id}',
    does: 'removes one without sessions',
    as: 'admin',
    call: async (world) => {
      const { id } = await world.exam();
      return { path: `/api/exams/${id}`, ids: { id } };
    },
    status: 204,
    effect: async ({ world, call }) => expect(await world.admin.send('GET', call.path)).toMatchObject({ status: 404 }),
    stored: async (db, { call }) => expect(await findExam(db, call.ids!['id']!)).toBeUndefined(),
  },
  {
    operation: 'DELETE /api/exams/{id}',
    does: 'refuses while there are sessions, and says so',
    as: 'admin',
    call: async (world) => {
      const { examId } = await world.session();
      return { path: `/api/exams/${examId}`, ids: { examId } };
    },
    status: 409,
    answers: () => ({ code: 'exam_has_sessions' }),
    stored: async (db, { call }) => expect(await findExam(db, call.ids!['examId']!)).toBeDefined(),
  },
  {
    operation: 'GET /api/exams/available',
    does: 'lists what a student can sit',
    as: 'owner',
    call: async (world) => ({
      path: '/api/exams/available',
      ids: { exam: (await world.exam()).id, draft: (await world.exam({ status: 'draft' })).id },
    }),
    status: 200,
    answers: ({ call }) => ({
      items: expect.arrayContaining([expect.objectContaining({ id: call.ids!['exam'], canStart: true, reason: null })]),
    }),
    effect: async ({ call, body }) =>
      expect(body.items.map((exam: { id: string }) => exam.id)).not.toContain(call.ids!['draft']),
  },
  {
    operation: 'GET /api/exams/{id}/details',
    does: 'tells a student how they will be watched',
    as: 'owner',
    call: async (world) => ({ path: `/api/exams/${(await world.exam()).id}/details` }),
    status: 200,
    answers: () => ({ canStart: true, retentionDays: 180, gaze: true, frames: { sendFps: 2, analyseFps: 1 } }),
  },
  {
    operation: 'GET /api/exams/defaults',
    does: 'says what a new exam is given',
    as: 'admin',
    call: async () => ({ path: '/api/exams/defaults' }),
    status: 200,
    answers: () => ({ openTo: 'all', policy: { frames: { sendFps: 2, analyseFps: 1 } } }),
  },
  {
    operation: 'GET /api/exams/{id}/policies',
    does: 'lists every version of the policy, newest first',
    as: 'proctor',
    call: async (world) => {
      const { id } = await world.exam();
      await world.admin.request('PUT', `/api/exams/${id}`, { title: 'Changed', policy: { unknownWeight: 2 } });
      return { path: `/api/exams/${id}/policies` };
    },
    status: 200,
    answers: ({ world }) => ({
      items: [
        { version: 2, policy: { unknownWeight: 2 }, createdBy: world.admin.userId },
        { version: 1, policy: { unknownWeight: 1 } },
      ],
      nextCursor: null,
    }),
  },
];
