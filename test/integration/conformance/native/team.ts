import { expect } from 'vitest';
import { findEvent } from '../../../../db/events.ts';
import { findFlagCategories } from '../../../../db/flag-categories.ts';
import { DEFAULT_FLAG_CATEGORIES } from '../../../../protocol/flag-categories.ts';
import { listNotes, listTeams } from '../../../../db/session-team.ts';
import type { Case } from '../case.ts';

/** Staff who share the sessions of an exam. */
export const team: Case[] = [
  {
    operation: 'POST /api/sessions/{id}/flags',
    does: 'flags an irregularity of the exam, by name',
    as: 'proctor',
    call: async (world) => ({
      path: `/api/sessions/${(await world.session()).id}/flags`,
      json: { category: 'MATERIALS', note: 'A book on the floor' },
    }),
    status: 201,
    answers: ({ world }) => ({
      event: {
        type: 'PROCTOR_FLAG',
        weight: 4,
        details: { by: world.proctor.userId, category: 'MATERIALS', note: 'A book on the floor' },
      },
    }),
    stored: async (db, { body }) => expect(await findEvent(db, body.event.id)).toMatchObject({ weight: 4 }),
  },
  {
    operation: 'POST /api/sessions/{id}/flags',
    does: 'refuses a category that the exam does not have',
    as: 'proctor',
    call: async (world) => ({
      path: `/api/sessions/${(await world.session()).id}/flags`,
      json: { category: 'WEATHER' },
    }),
    status: 409,
    answers: () => ({ code: 'unknown_category' }),
    refused: 409,
  },
  {
    operation: 'POST /api/sessions/{id}/snapshots',
    does: 'records that a person keeps the present image',
    as: 'proctor',
    call: async (world) => ({ path: `/api/sessions/${(await world.session()).id}/snapshots` }),
    status: 201,
    answers: ({ world }) => ({ event: { type: 'PROCTOR_SNAPSHOT', details: { by: world.proctor.userId } } }),
    stored: async (db, { body }) =>
      expect(await findEvent(db, body.event.id)).toMatchObject({ type: 'PROCTOR_SNAPSHOT', weight: 0 }),
  },
  {
    operation: 'GET /api/exams/{id}/flag-categories',
    does: 'lists the defaults of an exam whose managers named none',
    as: 'proctor',
    call: async (world) => ({ path: `/api/exams/${(await world.admin.createExam()).id}/flag-categories` }),
    status: 200,
    answers: () => ({ items: DEFAULT_FLAG_CATEGORIES, isDefault: true }),
  },
  {
    operation: 'PUT /api/exams/{id}/flag-categories',
    does: 'replaces them',
    as: 'admin',
    call: async (world) => {
      const { id } = await world.admin.createExam();
      const items = [{ code: 'NOISE', label: 'Noise', weight: 2 }];
      return { path: `/api/exams/${id}/flag-categories`, json: { items }, ids: { id } };
    },
    status: 200,
    answers: () => ({ items: [{ code: 'NOISE', label: 'Noise', weight: 2 }], isDefault: false }),
    stored: async (db, { call }) =>
      expect(await findFlagCategories(db, call.ids!['id']!)).toEqual([{ code: 'NOISE', label: 'Noise', weight: 2 }]),
  },
  {
    operation: 'POST /api/sessions/{id}/seen',
    does: 'marks a session as seen, by name',
    as: 'proctor',
    call: async (world) => {
      const { id } = await world.session();
      return { path: `/api/sessions/${id}/seen`, json: { attention: 12.5 }, ids: { id } };
    },
    status: 200,
    answers: ({ world, call }) => ({
      session: call.ids!['id'],
      seen: { by: { id: world.proctor.userId, name: 'Proctor' }, at: expect.any(String) },
      claim: null,
    }),
    stored: async (db, { world, call }) =>
      expect(await listTeams(db, [call.ids!['id']!])).toMatchObject([
        { seen_by: world.proctor.userId, seen_attention: 12.5 },
      ]),
  },
  {
    operation: 'PUT /api/sessions/{id}/claim',
    does: 'takes a session',
    as: 'proctor',
    call: async (world) => {
      const { id } = await world.session();
      return { path: `/api/sessions/${id}/claim`, json: { to: world.proctor.userId, holder: null }, ids: { id } };
    },
    status: 200,
    answers: ({ world }) => ({ claim: { by: { id: world.proctor.userId, name: 'Proctor' }, from: null } }),
    stored: async (db, { world, call }) =>
      expect(await listTeams(db, [call.ids!['id']!])).toMatchObject([{ claimed_by: world.proctor.userId }]),
  },
  {
    operation: 'PUT /api/sessions/{id}/claim',
    does: 'refuses to take what somebody else has, unless the caller knows it',
    as: 'proctor',
    call: async (world) => {
      const { id } = await world.session();
      await world.admin.request('PUT', `/api/sessions/${id}/claim`, { to: world.admin.userId, holder: null });
      return { path: `/api/sessions/${id}/claim`, json: { to: world.proctor.userId, holder: null } };
    },
    status: 409,
    answers: () => ({ code: 'claim_changed' }),
    refused: 409,
  },
  {
    operation: 'GET /api/sessions/{id}/colleagues',
    does: 'lists who else may command the session',
    as: 'proctor',
    call: async (world) => ({ path: `/api/sessions/${(await world.session()).id}/colleagues` }),
    status: 200,
    answers: ({ world }) => ({ items: expect.arrayContaining([expect.objectContaining({ id: world.admin.userId })]) }),
  },
  {
    operation: 'POST /api/sessions/{id}/notes',
    does: 'adds an internal note, by name',
    as: 'proctor',
    call: async (world) => {
      const { id } = await world.session();
      return { path: `/api/sessions/${id}/notes`, json: { text: 'Wears a hearing aid' }, ids: { id } };
    },
    status: 201,
    answers: ({ world, call }) => ({
      sessionId: call.ids!['id'],
      text: 'Wears a hearing aid',
      by: { id: world.proctor.userId, name: 'Proctor' },
    }),
    stored: async (db, { world, call }) =>
      expect(await listNotes(db, call.ids!['id']!, { limit: 10 })).toMatchObject([
        { text: 'Wears a hearing aid', by: world.proctor.userId },
      ]),
  },
  {
    operation: 'GET /api/sessions/{id}/notes',
    does: 'lists internal notes, newest first',
    as: 'proctor',
    call: async (world) => {
      const { id } = await world.session();
      for (const text of ['first', 'second']) await world.admin.post(`/api/sessions/${id}/notes`, { text });
      return { path: `/api/sessions/${id}/notes` };
    },
    status: 200,
    answers: () => ({ items: [{ text: 'second' }, { text: 'first' }], nextCursor: null }),
  },
];
