import { expect } from 'vitest';
import { listCheckInPictures } from '../../../../db/check-in-pictures.ts';
import { findPlacedCheckIn, listCheckInDecisions } from '../../../../db/check-ins.ts';
import { listChain } from '../../../../db/audit/lists.ts';
import { comeIn, myCheckIn, openCheckIn, readCheckIn, take } from '../../../support/check-in-site.ts';
import { jpeg } from '../../../support/pictures.ts';
import type { Call, Case } from '../case.ts';
import type { World } from '../world.ts';

/** An exam that is for the owner only, and asks for a photo. */
async function asking(world: World): Promise<string> {
  const { id } = await world.admin.createExam({ checkIn: { photo: true } }, { openTo: 'enrolled' });
  await world.admin.request('PUT', `/api/exams/${id}/students/${world.owner.userId}`, { room: 'A' });
  return id;
}

/** The owner with an open check-in. @param more path after that of the check-in */
const opened =
  (more = '', call: Partial<Call> = {}, picture = false) =>
  async (world: World): Promise<Call> => {
    const exam = await asking(world);
    const { checkIn } = await openCheckIn(world.owner, { id: exam });
    if (picture) await take(world.owner, { id: exam }, 'photo');
    return { path: `/api/exams/${exam}/check-in${more}`, ids: { exam, id: checkIn!.id }, ...call };
  };

/** The owner in the waiting room. */
async function waiting(world: World): Promise<{ exam: string; id: string; revision: number }> {
  const exam = await asking(world);
  const { id, revision } = await comeIn(world.owner, { id: exam });
  return { exam, id, revision };
}

const state = (checkIn: string) => ({ checkIn: expect.objectContaining({ state: checkIn }) });

export const checkIns: Case[] = [
  {
    operation: 'GET /api/exams/{id}/check-in',
    does: 'says what the exam asks for before it can be started',
    as: 'owner',
    call: async (world) => ({ path: `/api/exams/${await asking(world)}/check-in` }),
    status: 200,
    answers: () => ({ required: true, wants: { photo: true, document: false }, room: 'A', checkIn: null }),
    belongs: 'to the owner',
  },
  {
    operation: 'GET /api/exams/{id}/check-in/state',
    does: 'is short, for pages that wait',
    as: 'owner',
    call: async (world) => ({ path: `/api/exams/${(await waiting(world)).exam}/check-in/state` }),
    status: 200,
    answers: () => ({ state: 'waiting', place: 1 }),
  },
  {
    operation: 'POST /api/exams/{id}/check-in',
    does: 'opens a check-in',
    as: 'owner',
    call: async (world) => ({ path: `/api/exams/${await asking(world)}/check-in` }),
    status: 200,
    answers: () => ({ checkIn: { state: 'collecting', missing: ['photo'] } }),
    stored: async (db, { world, body }) =>
      expect(await findPlacedCheckIn(db, body.checkIn.id)).toMatchObject({ student_id: world.owner.userId, room: 'A' }),
    belongs: 'to the owner',
  },
  {
    operation: 'POST /api/exams/{id}/check-in/pictures',
    does: 'takes a picture, which is stored encrypted',
    as: 'owner',
    call: opened('/pictures?kind=photo', { file: new Uint8Array(jpeg()) }),
    status: 201,
    answers: () => ({ checkIn: { missing: [], pictures: [{ kind: 'photo' }] } }),
    stored: async (db, { call, body }) =>
      expect(await listCheckInPictures(db, call.ids!['id']!)).toMatchObject([
        { id: body.checkIn.pictures[0].id, kind: 'photo', submitted: false },
      ]),
    belongs: 'to the owner',
  },
  {
    operation: 'GET /api/exams/{id}/check-in/pictures/{picture}',
    does: 'shows the student their own picture',
    as: 'owner',
    call: async (world) => {
      const { path, ids } = await opened('', {}, true)(world);
      const { checkIn } = await myCheckIn(world.owner, { id: ids!['exam']! });
      return { path: `${path}/pictures/${checkIn!.pictures[0]!.id}` };
    },
    status: 200,
    effect: ({ body }) => Promise.resolve(expect(String(body)).toContain('JFIF')),
    belongs: 'to the owner',
  },
  {
    operation: 'DELETE /api/exams/{id}/check-in/pictures',
    does: 'deletes a picture',
    as: 'owner',
    call: opened('/pictures?kind=photo', {}, true),
    status: 200,
    answers: () => ({ checkIn: { missing: ['photo'], pictures: [] } }),
    stored: async (db, { call }) => expect(await listCheckInPictures(db, call.ids!['id']!)).toEqual([]),
    belongs: 'to the owner',
  },
  {
    operation: 'POST /api/exams/{id}/check-in/submit',
    does: 'goes to the waiting room',
    as: 'owner',
    call: opened('/submit', { json: {} }, true),
    status: 200,
    answers: () => state('waiting'),
    stored: async (db, { call }) =>
      expect(await listCheckInPictures(db, call.ids!['id']!)).toMatchObject([{ submitted: true }]),
    belongs: 'to the owner',
  },
  {
    operation: 'POST /api/exams/{id}/check-in/leave',
    does: 'leaves the waiting room, and the pictures stay',
    as: 'owner',
    call: async (world) => ({ path: `/api/exams/${(await waiting(world)).exam}/check-in/leave` }),
    status: 200,
    answers: () => ({ checkIn: { state: 'collecting', pictures: [{ kind: 'photo' }] } }),
    belongs: 'to the owner',
  },
  {
    operation: 'DELETE /api/exams/{id}/check-in',
    does: 'withdraws it with its pictures',
    as: 'owner',
    call: opened('', {}, true),
    status: 200,
    answers: () => ({ required: true, checkIn: null }),
    stored: async (db, { call }) => {
      expect(await findPlacedCheckIn(db, call.ids!['id']!)).toMatchObject({ state: 'withdrawn' });
      expect(await listCheckInPictures(db, call.ids!['id']!)).toEqual([]);
    },
    belongs: 'to the owner',
  },
  {
    operation: 'GET /api/check-ins',
    does: 'lists who waits',
    as: 'proctor',
    call: async (world) => {
      const { exam, id } = await waiting(world);
      return { path: `/api/check-ins?exam=${exam}&state=waiting`, ids: { id } };
    },
    status: 200,
    answers: ({ world, call }) => ({
      items: [{ id: call.ids!['id'], student: { id: world.owner.userId }, present: ['photo'], missing: [] }],
      nextCursor: null,
    }),
  },
  {
    operation: 'GET /api/check-ins/waiting',
    does: 'counts who waits, by exam',
    as: 'proctor',
    call: async (world) => {
      const { exam } = await waiting(world);
      return { path: '/api/check-ins/waiting', ids: { exam } };
    },
    status: 200,
    effect: async ({ call, body }) =>
      expect(body.items).toContainEqual(
        expect.objectContaining({ exam: expect.objectContaining({ id: call.ids!['exam'] }), waiting: 1 }),
      ),
  },
  {
    operation: 'GET /api/check-ins/{id}',
    does: 'shows what there is to decide about',
    as: 'proctor',
    call: async (world) => ({ path: `/api/check-ins/${(await waiting(world)).id}` }),
    status: 200,
    answers: () => ({ state: 'waiting', pictures: [{ kind: 'photo' }], decisions: [], mayDecide: true }),
  },
  {
    operation: 'GET /api/check-ins/{id}/pictures/{picture}',
    does: 'shows a picture, and that it was looked at is in the audit log',
    as: 'proctor',
    call: async (world) => {
      const { exam, id } = await waiting(world);
      const { pictures } = await readCheckIn(world.admin, id);
      return { path: `/api/check-ins/${id}/pictures/${pictures[0]!.id}`, ids: { exam } };
    },
    status: 200,
    effect: ({ body }) => Promise.resolve(expect(String(body)).toContain('JFIF')),
    stored: async (db, { world, call }) => {
      const entries = await listChain(
        db,
        { entityType: 'exam', entityId: call.ids!['exam']! },
        { afterPosition: 0, limit: 50 },
      );
      expect(entries.filter(({ event_type }) => event_type === 'CHECK_IN_VIEWED')).toMatchObject([
        { actor: world.proctor.userId },
      ]);
    },
  },
  {
    operation: 'POST /api/check-ins/{id}/decision',
    does: 'admits the student, by name',
    as: 'proctor',
    call: async (world) => {
      const { id, revision } = await waiting(world);
      return { path: `/api/check-ins/${id}/decision`, json: { decision: 'admit', revision }, ids: { id } };
    },
    status: 200,
    answers: ({ world }) => ({
      state: 'admitted',
      decision: { decision: 'admit', by: { id: world.proctor.userId, name: 'Proctor' }, shown: ['photo'] },
    }),
    stored: async (db, { world, call }) =>
      expect(await listCheckInDecisions(db, call.ids!['id']!, 10)).toMatchObject([
        { decision: 'admit', by: world.proctor.userId },
      ]),
  },
];
