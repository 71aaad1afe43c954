import { expect } from 'vitest';
import type { Case } from '../case.ts';

/** An exam with one ended session. */
const examOf = async (world: Parameters<Case['call']>[0]) => (await world.endedSession()).examId;

export const results: Case[] = [
  {
    operation: 'GET /api/exams/{id}/results',
    does: 'lists a row a session with decisions and incidents',
    as: 'proctor',
    call: async (world) => ({ path: `/api/exams/${await examOf(world)}/results` }),
    status: 200,
    answers: () => ({
      items: [{ attempt: 1, status: 'ended', reviewedLevel: 'Low', verdict: null, incidents: expect.any(Array) }],
      nextCursor: null,
    }),
  },
  {
    operation: 'GET /api/exams/{id}/results/csv',
    does: 'exports the results of an exam as CSV',
    as: 'proctor',
    call: async (world) => ({ path: `/api/exams/${await examOf(world)}/results/csv?bom=false` }),
    status: 200,
    effect: async ({ body }) => {
      expect(String(body).split('\r\n')).toHaveLength(3);
      expect(body).toMatch(/^Student,Email,Student number,/);
    },
  },
  {
    operation: 'GET /api/exams/{id}/results/xlsx',
    does: 'exports the results of an exam as a zip of XML',
    as: 'proctor',
    call: async (world) => ({ path: `/api/exams/${await examOf(world)}/results/xlsx` }),
    status: 200,
    effect: async ({ body }) => expect(String(body).slice(0, 2)).toBe('PK'),
  },
];
