import { expect } from 'vitest';
import { findEvent } from '../../../../db/events.ts';
import { listEvidence } from '../../../../db/evidence.ts';
import { clips } from '../../../../simulator/draw/clips.ts';
import { createScene } from '../../../../simulator/draw/scene.ts';
import type { Session } from '../../../../protocol/http/sessions.ts';
import { postFrame } from '../../../support/frame-form.ts';
import { evidenceOf } from '../../../support/picture-site.ts';
import { waitFor } from '../../../support/server.ts';
import type { Case } from '../case.ts';
import type { World } from '../world.ts';

async function turnable(world: World): Promise<Session> {
  const exam = await world.admin.createExam({ challenges: { enabled: true } });
  return world.owner.startSession(exam.id);
}

let shown = 0;
const pictures = clips(createScene(3)).attentive;
/** Posts the next picture of the drawn student; one over the rate is refused. */
const show = (world: World, session: string) =>
  postFrame(world.owner, session, new Uint8Array(pictures[shown++ % pictures.length]!));

/** A session of the owner with the picture of its start. */
async function pictured(world: World): Promise<{ session: string; startEvent: string }> {
  const exam = await world.admin.createExam({
    frames: { sendFps: 15, analyseFps: 15 },
    calibration: { seconds: 0 },
    evidence: { startPicture: true },
  });
  const session = (await world.owner.startSession(exam.id)).id;
  const start = async () => (await world.owner.events(session)).find(({ type }) => type === 'START_PICTURE');
  await waitFor('the picture of the start', async () => {
    await show(world, session);
    return (await start()) !== undefined;
  });
  return { session, startEvent: (await start())!.id };
}

async function begun(world: World): Promise<{ path: string; eventId: string; startEvent: string }> {
  const { session, startEvent } = await pictured(world);
  const { event } = await world.proctor.post<{ event: { id: string } }>(`/api/sessions/${session}/face-checks`);
  await waitFor('the present picture', async () => {
    await show(world, session);
    return (await evidenceOf(world.proctor, event.id)).length === 1;
  });
  return { path: `/api/sessions/${session}/face-checks/${event.id}/outcome`, eventId: event.id, startEvent };
}

export const requests: Case[] = [
  {
    operation: 'POST /api/sessions/{id}/challenges',
    does: 'asks the student to turn the head, by name',
    as: 'proctor',
    call: async (world) => ({
      path: `/api/sessions/${(await turnable(world)).id}/challenges`,
      json: { direction: 'up' },
    }),
    status: 201,
    answers: ({ world }) => ({
      event: {
        type: 'CHALLENGE_ASKED',
        source: 'proctor',
        endedAt: null,
        details: { by: world.proctor.userId, direction: 'up', seconds: 15 },
      },
    }),
    stored: async (db, { body }) =>
      expect(await findEvent(db, body.event.id)).toMatchObject({ type: 'CHALLENGE_ASKED', source: 'proctor' }),
  },
  {
    operation: 'POST /api/sessions/{id}/challenges',
    does: 'refuses where the policy has none',
    as: 'proctor',
    call: async (world) => ({ path: `/api/sessions/${(await world.session()).id}/challenges`, json: {} }),
    status: 409,
    answers: () => ({ code: 'challenges_off' }),
    refused: 409,
  },
  {
    operation: 'POST /api/sessions/{id}/room-looks',
    does: 'asks the student to show the room, by name',
    as: 'proctor',
    call: async (world) => ({
      path: `/api/sessions/${(await world.session()).id}/room-looks`,
      json: { reason: 'Voices are heard' },
    }),
    status: 201,
    answers: ({ world }) => ({
      event: {
        type: 'ROOM_LOOK',
        source: 'proctor',
        endedAt: null,
        details: { by: world.proctor.userId, reason: 'Voices are heard' },
      },
    }),
    stored: async (db, { body }) => expect(await findEvent(db, body.event.id)).toMatchObject({ type: 'ROOM_LOOK' }),
  },
  {
    operation: 'POST /api/sessions/{id}/face-checks',
    does: 'refuses without a picture of the start',
    as: 'proctor',
    call: async (world) => ({ path: `/api/sessions/${(await world.session()).id}/face-checks` }),
    status: 409,
    answers: () => ({ code: 'start_picture_missing' }),
    refused: 409,
  },
  {
    operation: 'POST /api/sessions/{id}/face-checks',
    does: 'begins one, and names the event with the picture of the start',
    as: 'proctor',
    call: async (world) => {
      const { session, startEvent } = await pictured(world);
      return { path: `/api/sessions/${session}/face-checks`, ids: { startEvent } };
    },
    status: 201,
    answers: ({ world, call }) => ({
      event: { type: 'FACE_CHECK', endedAt: null, details: { by: world.proctor.userId } },
      startEvent: call.ids!['startEvent'],
    }),
    stored: async (db, { call }) =>
      expect(await listEvidence(db, call.ids!['startEvent']!)).toMatchObject([{ kind: 'start' }]),
  },
  {
    operation: 'POST /api/sessions/{id}/face-checks/{eventId}/outcome',
    does: 'records what the person saw, with a note',
    as: 'proctor',
    call: async (world) => {
      const { path, eventId } = await begun(world);
      return { path, json: { outcome: 'not_sure', note: 'Other glasses' }, ids: { eventId } };
    },
    status: 201,
    answers: ({ world, call }) => ({
      event: {
        id: call.ids!['eventId'],
        endedAt: expect.any(String),
        details: { by: world.proctor.userId, outcome: 'not_sure', note: 'Other glasses' },
      },
    }),
    stored: async (db, { call }) =>
      expect(await listEvidence(db, call.ids!['eventId']!)).toMatchObject([{ kind: 'present' }]),
  },
];
