import { expect } from 'vitest';
import { findVerdictState, listReleaseSteps } from '../../../../db/verdict-case.ts';
import type { Event } from '../../../../protocol/events.ts';
import type { Session } from '../../../../protocol/http/sessions.ts';
import type { Api } from '../../../support/api.ts';
import { appeal, giveTo, judge, release } from '../../../support/verdict-site.ts';
import type { Case } from '../case.ts';
import type { World } from '../world.ts';
import { pictured } from './evidence.ts';

/** Somebody who may release, and has had no part. */
async function reviewer(world: World): Promise<Api> {
  const account = { email: world.newEmail(), password: 'a reviewer password' };
  await world.admin.post('/api/users', { ...account, name: 'Reviewer', role: 'reviewer' });
  const api = world.site.api();
  await api.login(account.email, account.password);
  return api;
}

async function released(world: World): Promise<Session> {
  const session = await world.endedSession();
  await release(await reviewer(world), session.id, await judge(world.proctor, session.id, 'concern'));
  return session;
}

async function appealed(world: World): Promise<Session> {
  const session = await released(world);
  await appeal(world.owner, session.id);
  return session;
}

/** A released incident with its picture. */
async function shown(world: World): Promise<{ event: Event; pictureId: string }> {
  const { event, pictureId } = await pictured(world);
  await world.owner.post(`/api/sessions/${event.sessionId}/end`);
  const given = await judge(world.proctor, event.sessionId, 'violation');
  await release(world.admin, event.sessionId, given, [event]);
  return { event, pictureId };
}

export const verdicts: Case[] = [
  {
    operation: 'GET /api/verdicts',
    does: 'lists verdicts with their states',
    as: 'proctor',
    call: async (world) => {
      const { id, examId } = await released(world);
      return { path: `/api/verdicts?exam=${examId}&state=released`, ids: { id } };
    },
    status: 200,
    answers: ({ world, call }) => ({
      items: [
        { sessionId: call.ids!['id'], state: 'released', verdict: 'concern', judge: { id: world.proctor.userId } },
      ],
      nextCursor: null,
    }),
  },
  {
    operation: 'GET /api/sessions/{id}/verdict-steps',
    does: 'shows what was decided and what may be done next',
    as: 'proctor',
    call: async (world) => {
      const { id } = await world.endedSession();
      await judge(world.proctor, id, 'concern');
      return { path: `/api/sessions/${id}/verdict-steps` };
    },
    status: 200,
    answers: () => ({
      state: 'provisional',
      verdict: { verdict: 'concern' },
      shown: null,
      releases: [],
      refusals: { release: 'forbidden', decide: 'forbidden' },
    }),
  },
  {
    operation: 'POST /api/sessions/{id}/release',
    does: 'shows the verdict to the student',
    as: 'admin',
    call: async (world) => {
      const { id } = await world.endedSession();
      const verdict = await judge(world.proctor, id, 'concern');
      return { path: `/api/sessions/${id}/release`, json: { verdict: verdict.id, events: [] }, ids: { id } };
    },
    status: 201,
    answers: ({ world }) => ({
      state: 'released',
      shown: { verdict: 'concern' },
      releases: [{ by: { id: world.admin.userId } }],
    }),
    stored: async (db, { call, world }) => {
      expect(await listReleaseSteps(db, call.ids!['id']!, 10)).toMatchObject([{ release: { by: world.admin.userId } }]);
      expect(await findVerdictState(db, call.ids!['id']!)).toMatchObject({ state: 'released' });
    },
  },
  {
    operation: 'GET /api/sessions/{id}/appeal/officers',
    does: 'lists who may decide an appeal',
    as: 'admin',
    call: async (world) => ({ path: `/api/sessions/${(await appealed(world)).id}/appeal/officers` }),
    status: 200,
    answers: ({ world }) => ({ items: expect.arrayContaining([expect.objectContaining({ id: world.admin.userId })]) }),
  },
  {
    operation: 'PUT /api/sessions/{id}/appeal/officer',
    does: 'gives an appeal to a person',
    as: 'admin',
    call: async (world) => {
      const { id } = await appealed(world);
      return { path: `/api/sessions/${id}/appeal/officer`, json: { officer: world.admin.userId }, ids: { id } };
    },
    status: 200,
    answers: ({ world }) => ({ state: 'appealed', releases: [{ appeal: { officer: { id: world.admin.userId } } }] }),
    stored: async (db, { call, world }) =>
      expect(await findVerdictState(db, call.ids!['id']!)).toMatchObject({ officer_id: world.admin.userId }),
  },
  {
    operation: 'POST /api/sessions/{id}/appeal/outcome',
    does: 'adds the outcome with a new verdict',
    as: 'admin',
    call: async (world) => {
      const { id } = await appealed(world);
      await giveTo(world.admin, id, world.admin);
      return {
        path: `/api/sessions/${id}/appeal/outcome`,
        json: { outcome: 'changed', verdict: 'no_concern', reason: 'Nobody was there' },
        ids: { id },
      };
    },
    status: 201,
    answers: () => ({ state: 'closed', shown: { verdict: 'no_concern', reason: 'Nobody was there' } }),
    stored: async (db, { call }) =>
      expect(await listReleaseSteps(db, call.ids!['id']!, 10)).toMatchObject([{ outcome: { outcome: 'changed' } }]),
  },
  {
    operation: 'GET /api/proctoring/my-attempt/{id}/verdicts',
    does: 'shows a student the released verdict',
    as: 'owner',
    call: async (world) => ({ path: `/api/proctoring/my-attempt/${(await released(world)).id}/verdicts` }),
    status: 200,
    answers: () => ({ items: [{ verdict: 'concern', by: null, mayAnswer: true, mayAppeal: true }] }),
    belongs: 'to the owner',
  },
  {
    operation: 'GET /api/proctoring/my-attempt/{id}/pictures/{picture}',
    does: 'shows a student a picture that decided the verdict',
    as: 'owner',
    call: async (world) => {
      const { event, pictureId } = await shown(world);
      return { path: `/api/proctoring/my-attempt/${event.sessionId}/pictures/${pictureId}` };
    },
    status: 200,
    effect: ({ body }) => Promise.resolve(expect(String(body)).toContain('JFIF')),
    belongs: 'to the owner',
  },
  {
    operation: 'POST /api/proctoring/my-attempt/{id}/answer',
    does: 'stores the answer of the student',
    as: 'owner',
    call: async (world) => {
      const { id } = await released(world);
      return { path: `/api/proctoring/my-attempt/${id}/answer`, json: { text: 'It was my sister' }, ids: { id } };
    },
    status: 201,
    answers: () => ({ items: [{ answer: { text: 'It was my sister' }, mayAnswer: false }] }),
    stored: async (db, { call }) =>
      expect(await listReleaseSteps(db, call.ids!['id']!, 10)).toMatchObject([
        { answer: { text: 'It was my sister' } },
      ]),
    belongs: 'to the owner',
  },
  {
    operation: 'POST /api/proctoring/my-attempt/{id}/appeal',
    does: 'opens an appeal',
    as: 'owner',
    call: async (world) => {
      const { id } = await released(world);
      return { path: `/api/proctoring/my-attempt/${id}/appeal`, json: { text: 'I object' }, ids: { id } };
    },
    status: 201,
    answers: () => ({ items: [{ appeal: { text: 'I object' }, outcome: null, mayAppeal: false }] }),
    stored: async (db, { call }) =>
      expect(await findVerdictState(db, call.ids!['id']!)).toMatchObject({ state: 'appealed', officer_id: null }),
    belongs: 'to the owner',
  },
  {
    operation: 'POST /api/proctoring/my-attempt/{id}/appeal/withdraw',
    does: 'withdraws an open appeal',
    as: 'owner',
    call: async (world) => {
      const { id } = await appealed(world);
      return { path: `/api/proctoring/my-attempt/${id}/appeal/withdraw`, ids: { id } };
    },
    status: 200,
    answers: () => ({ items: [{ outcome: { outcome: 'withdrawn', verdict: null, by: null } }] }),
    stored: async (db, { call }) =>
      expect(await findVerdictState(db, call.ids!['id']!)).toMatchObject({ state: 'closed' }),
    belongs: 'to the owner',
  },
];
