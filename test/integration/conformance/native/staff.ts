import { expect } from 'vitest';
import { listAssignments } from '../../../../db/assignments.ts';
import { findOrganisation } from '../../../../db/organisations.ts';
import type { Assignment } from '../../../../protocol/http/assignments.ts';
import { DEFAULT_ORGANISATION, type Organisation } from '../../../../protocol/http/organisations.ts';
import type { Case } from '../case.ts';
import type { World } from '../world.ts';

/** The proctor, assigned to one room of a new exam. */
async function assigned(world: World): Promise<Assignment> {
  const exam = await world.exam({ staffAccess: 'assigned' });
  return world.admin.post<Assignment>(`/api/exams/${exam.id}/staff`, { userId: world.proctor.userId, room: 'A1' });
}

export const staff: Case[] = [
  {
    operation: 'GET /api/organisations',
    does: 'lists the organisation of every installation',
    as: 'admin',
    call: () => ({ path: '/api/organisations?limit=200' }),
    status: 200,
    answers: () => ({ items: expect.arrayContaining([expect.objectContaining({ id: DEFAULT_ORGANISATION })]) }),
  },
  {
    operation: 'POST /api/organisations',
    does: 'creates an organisation',
    as: 'admin',
    call: () => ({ path: '/api/organisations', json: { name: 'Faculty of Law' } }),
    status: 201,
    answers: () => ({ name: 'Faculty of Law' }),
    stored: async (db, { body }) =>
      expect(await findOrganisation(db, body.id)).toMatchObject({ name: 'Faculty of Law' }),
  },
  {
    operation: 'PATCH /api/organisations/{id}',
    does: 'renames an organisation',
    as: 'admin',
    call: async (world) => {
      const { id } = await world.admin.post<Organisation>('/api/organisations', { name: 'Law' });
      return { path: `/api/organisations/${id}`, json: { name: 'School of Law' } };
    },
    status: 200,
    answers: () => ({ name: 'School of Law' }),
  },
  {
    operation: 'GET /api/exams/{id}/staff',
    does: 'lists who is assigned, with rooms',
    as: 'admin',
    call: async (world) => ({ path: `/api/exams/${(await assigned(world)).examId}/staff` }),
    status: 200,
    answers: ({ world }) => ({ items: [{ userId: world.proctor.userId, role: 'proctor', room: 'A1' }] }),
  },
  {
    operation: 'POST /api/exams/{id}/staff',
    does: 'assigns a proctor to a whole exam',
    as: 'admin',
    call: async (world) => ({
      path: `/api/exams/${(await world.exam()).id}/staff`,
      json: { userId: world.proctor.userId },
    }),
    status: 201,
    answers: ({ world }) => ({ userId: world.proctor.userId, room: null }),
    stored: async (db, { body }) =>
      expect(await listAssignments(db, body.examId, { limit: 10 })).toMatchObject([{ id: body.id, room: null }]),
  },
  {
    operation: 'POST /api/exams/{id}/staff',
    does: 'answers a repeated assignment with the first one',
    as: 'admin',
    call: async (world) => {
      const { id, examId, userId, room } = await assigned(world);
      return { path: `/api/exams/${examId}/staff`, json: { userId, room }, ids: { id } };
    },
    status: 200,
    answers: ({ call }) => ({ id: call.ids?.['id'] }),
  },
  {
    operation: 'DELETE /api/exams/{id}/staff/{assignmentId}',
    does: 'ends an assignment',
    as: 'admin',
    call: async (world) => {
      const { id, examId } = await assigned(world);
      return { path: `/api/exams/${examId}/staff/${id}`, ids: { exam: examId } };
    },
    status: 204,
    stored: async (db, { call }) =>
      expect(await listAssignments(db, call.ids?.['exam'] ?? '', { limit: 10 })).toEqual([]),
  },
  {
    operation: 'GET /api/assignments',
    does: 'lists own assignments, newest first',
    as: 'proctor',
    call: async (world) => ({ path: '/api/assignments', ids: { id: (await assigned(world)).id } }),
    status: 200,
    answers: ({ call }) => ({
      items: expect.arrayContaining([
        expect.objectContaining({ id: call.ids?.['id'], examTitle: 'An exam', room: 'A1' }),
      ]),
    }),
  },
];
