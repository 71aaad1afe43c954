import { expect } from 'vitest';
import { listReadmissions } from '../../../../db/readmissions.ts';
import type { Readmission, Readmissions } from '../../../../protocol/http/readmissions.ts';
import type { z } from 'zod';
import type { Case } from '../case.ts';
import type { World } from '../world.ts';

const body = { kind: 'new', reason: 'the fire alarm' };

async function readmitted(world: World): Promise<Readmission> {
  const { id } = await world.endedSession();
  return world.admin.post<Readmission>(`/api/sessions/${id}/readmissions`, body);
}

export const readmissions: Case[] = [
  {
    operation: 'POST /api/sessions/{id}/readmissions',
    does: 'lets the student start again, by name and with a reason',
    as: 'proctor',
    call: async (world) => ({ path: `/api/sessions/${(await world.endedSession()).id}/readmissions`, json: body }),
    status: 201,
    answers: ({ world }) => ({
      ...body,
      studentId: world.owner.userId,
      by: { id: world.proctor.userId },
      usedAt: null,
    }),
    stored: async (db, { world, body: { sessionId } }) =>
      expect(await listReadmissions(db, sessionId, 10)).toMatchObject([
        { reason: 'the fire alarm', created_by: world.proctor.userId },
      ]),
  },
  {
    operation: 'POST /api/sessions/{id}/readmissions',
    does: 'refuses one while the session runs',
    as: 'proctor',
    call: async (world) => ({ path: `/api/sessions/${(await world.session()).id}/readmissions`, json: body }),
    status: 409,
    answers: () => ({ code: 'session_running' }),
  },
  {
    operation: 'GET /api/sessions/{id}/readmissions',
    does: 'lists the readmissions of a session',
    as: 'proctor',
    call: async (world) => {
      const { id, sessionId } = await readmitted(world);
      return { path: `/api/sessions/${sessionId}/readmissions`, ids: { id } };
    },
    status: 200,
    answers: ({ call }) => ({ items: [{ id: call.ids!['id'], ...body }] }),
  },
  {
    operation: 'DELETE /api/sessions/{id}/readmissions/{readmissionId}',
    does: 'withdraws an unused readmission',
    as: 'proctor',
    call: async (world) => {
      const { id, sessionId } = await readmitted(world);
      return { path: `/api/sessions/${sessionId}/readmissions/${id}`, ids: { sessionId } };
    },
    status: 204,
    effect: async ({ world, call }) => {
      const path = `/api/sessions/${call.ids!['sessionId']}/readmissions`;
      expect((await world.admin.get<z.infer<typeof Readmissions>>(path)).items).toMatchObject([
        { withdrawnAt: expect.any(String) },
      ]);
    },
  },
];
