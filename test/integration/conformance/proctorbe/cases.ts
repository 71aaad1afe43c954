import { expect } from 'vitest';
import { findEvent, listEvents } from '../../../../db/events.ts';
import { findExam } from '../../../../db/exams.ts';
import { findSession } from '../../../../db/sessions.ts';
import { findUserByEmail } from '../../../../db/users.ts';
import { jpeg } from '../../../support/pictures.ts';
import type { Case } from '../case.ts';

const EXAM = { start_time: '2026-01-01T10:00:00', end_time: '2100-01-01 10:00:00' };

const query = (fields: Record<string, string>) => new URLSearchParams(fields).toString();

/** ProctorBE's API: query strings, a form, multipart and snake case. */
export const proctorbeCases: Case[] = [
  {
    operation: 'GET /',
    does: 'says that the server answers',
    as: 'nobody',
    call: () => ({ path: '/' }),
    status: 200,
    answers: () => ({ status: 'ok' }),
  },
  {
    operation: 'POST /auth/register',
    does: 'makes a student',
    as: 'nobody',
    call: (world) => ({
      path: '/auth/register',
      json: { email: world.newEmail(), password: 'a long password', role: 'student' },
    }),
    status: 200,
    answers: ({ call }) => ({ email: (call.json as { email: string }).email, role: 'student' }),
    stored: async (db, { body }) =>
      expect(await findUserByEmail(db, body.email)).toMatchObject({ id: body.id, role: 'student' }),
  },
  {
    operation: 'POST /auth/register',
    does: 'makes no admin for whoever asks, and says why',
    as: 'nobody',
    call: (world) => ({
      path: '/auth/register',
      json: { email: world.newEmail(), password: 'a long password', role: 'admin' },
    }),
    status: 403,
    answers: () => ({ code: 'forbidden', ref: 'body.role', detail: expect.stringContaining('students only') }),
    stored: async (db, { call }) =>
      expect(await findUserByEmail(db, (call.json as { email: string }).email)).toBeUndefined(),
  },
  {
    operation: 'POST /auth/register',
    does: 'makes an admin for an admin',
    as: 'admin',
    call: (world) => ({
      path: '/auth/register',
      json: { email: world.newEmail(), password: 'a long password', role: 'admin' },
    }),
    status: 200,
    answers: () => ({ role: 'admin' }),
    stored: async (db, { body }) => expect(await findUserByEmail(db, body.email)).toMatchObject({ role: 'admin' }),
  },
  {
    operation: 'POST /auth/login',
    does: 'signs in with a form',
    as: 'nobody',
    call: (world) => ({
      path: '/auth/login',
      form: { username: world.owner.tokens!.user.email, password: "Owner's password" },
    }),
    status: 200,
    answers: () => ({ token_type: 'bearer' }),
    effect: async ({ world, body }) => {
      const me = await world.nobody.send('GET', '/api/auth/me', {
        headers: { authorization: `Bearer ${body.access_token}` },
      });
      expect(me).toMatchObject({ status: 200, body: { id: world.owner.userId } });
    },
  },
  {
    operation: 'POST /exams/',
    does: 'makes an exam that is active',
    as: 'admin',
    call: () => ({ path: `/exams/?${query({ title: 'Algebra', ...EXAM })}` }),
    status: 200,
    answers: () => ({ title: 'Algebra', start_time: '2026-01-01T10:00:00.000Z', end_time: '2100-01-01T10:00:00.000Z' }),
    stored: async (db, { body }) =>
      expect(await findExam(db, body.id)).toMatchObject({ title: 'Algebra', status: 'active' }),
  },
  {
    operation: 'GET /exams/',
    does: 'lists exams, without a login',
    as: 'nobody',
    call: async (world) => ({ path: '/exams/', ids: { exam: (await world.exam({ title: 'Shown' })).id } }),
    status: 200,
    effect: async ({ call, body }) =>
      expect(body.at(-1)).toEqual({ id: call.ids!['exam'], title: 'Shown', start_time: null, end_time: null }),
  },
  {
    operation: 'POST /sessions/start',
    does: 'starts an attempt',
    as: 'owner',
    call: async (world) => ({ path: `/sessions/start?exam_id=${(await world.exam()).id}` }),
    status: 200,
    answers: ({ world }) => ({ user_id: world.owner.userId, ended_at: null, risk_score: 0, risk_level: 'Low' }),
    stored: async (db, { world, body }) =>
      expect(await findSession(db, body.id)).toMatchObject({ student_id: world.owner.userId, exam_id: body.exam_id }),
  },
  {
    operation: 'POST /sessions/end',
    does: 'ends it and answers the risk',
    as: 'owner',
    call: async (world) => {
      const { sessionId } = await world.event();
      return { path: `/sessions/end?session_id=${sessionId}`, ids: { sessionId } };
    },
    status: 200,
    answers: ({ call }) => ({ session_id: call.ids!['sessionId'], risk_score: 3, risk_level: 'Low' }),
    stored: async (db, { body }) => expect(await findSession(db, body.session_id)).toMatchObject({ status: 'ended' }),
    belongs: 'to the owner',
  },
  {
    operation: 'POST /events/',
    does: 'stores an event',
    as: 'owner',
    call: async (world) => ({
      path: `/events/?${query({ session_id: (await world.session()).id, event_type: 'LOOKING_AWAY_AGAIN', severity: '2' })}`,
    }),
    status: 200,
    answers: () => ({ event_type: 'LOOKING_AWAY_AGAIN', severity: 2 }),
    stored: async (db, { body }) =>
      expect(await findEvent(db, body.id)).toMatchObject({ session_id: body.session_id, type: 'LOOKING_AWAY_AGAIN' }),
    belongs: 'to the owner',
  },
  {
    operation: 'GET /admin/sessions',
    does: 'lists sessions',
    as: 'admin',
    call: async (world) => ({ path: '/admin/sessions', ids: { id: (await world.session()).id } }),
    status: 200,
    effect: async ({ world, call, body }) =>
      expect(body).toContainEqual(
        expect.objectContaining({ id: call.ids!['id'], user_id: world.owner.userId, risk_score: 0 }),
      ),
  },
  {
    operation: 'GET /admin/sessions/{id}/events',
    does: 'lists the events of one',
    as: 'admin',
    call: async (world) => {
      const { id, sessionId } = await world.event();
      return { path: `/admin/sessions/${sessionId}/events`, ids: { id, sessionId } };
    },
    status: 200,
    effect: async ({ call, body }) =>
      expect(body).toMatchObject([
        { id: call.ids!['id'], session_id: call.ids!['sessionId'], event_type: 'TAB_SWITCH', severity: 3 },
      ]),
  },
  {
    operation: 'POST /cv/analyze-frame',
    does: 'shows a frame to the models',
    as: 'owner',
    call: async (world) => {
      const { id } = await world.session();
      return { path: `/cv/analyze-frame?session_id=${id}`, file: new Uint8Array(jpeg()), ids: { id } };
    },
    status: 200,
    answers: ({ call }) => ({ session_id: call.ids!['id'], faces: 0, events: [] }),
    stored: async (db, { call }) => expect(await listEvents(db, { session: call.ids!['id']!, limit: 10 })).toEqual([]),
    belongs: 'to the owner',
  },
];
