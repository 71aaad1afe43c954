import { expect } from 'vitest';
import { clips } from '../../../../simulator/draw/clips.ts';
import { createScene } from '../../../../simulator/draw/scene.ts';
import { listChain } from '../../../../db/audit/lists.ts';
import type { Event } from '../../../../protocol/events.ts';
import type { FrameAnalysis } from '../../../../protocol/http/frames.ts';
import { postFrame } from '../../../support/frame-form.ts';
import { evidenceOf } from '../../../support/picture-site.ts';
import { jpeg } from '../../../support/pictures.ts';
import { waitFor } from '../../../support/server.ts';
import type { Case } from '../case.ts';
import type { World } from '../world.ts';

const NO_ID = '00000000-0000-7000-8000-000000000000';

/** An incident of the owner with the picture that opened it. */
export async function pictured(world: World): Promise<{ event: Event; pictureId: string }> {
  const exam = await world.admin.createExam({ holds: { noFace: 0 } });
  const session = await world.owner.startSession(exam.id);
  const { body } = await postFrame(world.owner, session.id, jpeg());
  const [event] = (body as FrameAnalysis).events;
  await waitFor('the picture', async () => (await evidenceOf(world.proctor, event!.id)).length === 1);
  return { event: event!, pictureId: (await evidenceOf(world.proctor, event!.id))[0]!.id };
}

export const evidence: Case[] = [
  {
    operation: 'GET /api/events/{id}/evidence',
    does: 'is empty for an event that no picture shows',
    as: 'proctor',
    call: async (world) => ({ path: `/api/events/${(await world.event()).id}/evidence` }),
    status: 200,
    answers: () => ({ items: [] }),
  },
  {
    operation: 'GET /api/events/{id}/evidence',
    does: 'lists the pictures of an incident, each with its digest',
    as: 'proctor',
    call: async (world) => {
      const { event, pictureId } = await pictured(world);
      return { path: `/api/events/${event.id}/evidence`, ids: { pictureId } };
    },
    status: 200,
    answers: ({ call }) => ({
      items: [{ id: call.ids!['pictureId'], kind: 'opened', digest: expect.stringMatching(/^[\w-]{43}$/) }],
    }),
  },
  {
    operation: 'GET /api/sessions/{id}/evidence',
    does: 'lists the pictures of all events of a session, each with its event',
    as: 'proctor',
    call: async (world) => {
      const { event, pictureId } = await pictured(world);
      return { path: `/api/sessions/${event.sessionId}/evidence`, ids: { pictureId, eventId: event.id } };
    },
    status: 200,
    answers: ({ call }) => ({
      items: [{ id: call.ids!['pictureId'], eventId: call.ids!['eventId'], kind: 'opened' }],
    }),
  },
  {
    operation: 'GET /api/evidence/{id}',
    does: 'is 404 for a picture that is not there',
    as: 'admin',
    call: () => ({ path: `/api/evidence/${NO_ID}` }),
    status: 404,
    answers: () => ({ code: 'not_found' }),
    refused: 404,
  },
  {
    operation: 'GET /api/evidence/{id}',
    does: 'shows a picture, and that it was looked at is in the audit log',
    as: 'proctor',
    call: async (world) => {
      const { event, pictureId } = await pictured(world);
      return { path: `/api/evidence/${pictureId}`, ids: { sessionId: event.sessionId } };
    },
    status: 200,
    effect: ({ body }) => Promise.resolve(expect(String(body)).toContain('JFIF')),
    stored: async (db, { world, call }) => {
      const entries = await listChain(
        db,
        { entityType: 'session', entityId: call.ids!['sessionId']! },
        { afterPosition: 0, limit: 10 },
      );
      expect(entries.filter(({ event_type }) => event_type === 'EVIDENCE_VIEWED')).toMatchObject([
        { actor: world.proctor.userId },
      ]);
    },
  },
];

export const systemCheck: Case[] = [
  {
    operation: 'POST /api/system-check/frame',
    does: 'refuses what is no JPEG',
    as: 'nobody',
    call: () => ({ path: '/api/system-check/frame', file: new Uint8Array(100) }),
    status: 422,
    answers: () => ({ code: 'invalid_image' }),
  },
  {
    operation: 'POST /api/system-check/frame',
    does: 'says what the models see in a picture, without a login',
    as: 'nobody',
    call: () => ({ path: '/api/system-check/frame', file: new Uint8Array(clips(createScene(3)).attentive[0]!) }),
    status: 200,
    answers: () => ({ faces: 1, boxes: [{ x: expect.any(Number) }], hints: [] }),
  },
];
