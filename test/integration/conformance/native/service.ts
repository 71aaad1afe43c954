import { expect } from 'vitest';
import type { Case } from '../case.ts';

export const service: Case[] = [
  {
    operation: 'GET /health',
    does: 'says that the server lives, and what it has',
    as: 'nobody',
    call: () => ({ path: '/health' }),
    status: 200,
    answers: () => ({ status: 'ok', store: 'there' }),
  },
  {
    operation: 'GET /ready',
    does: 'says whether clients may come',
    as: 'nobody',
    call: () => ({ path: '/ready' }),
    status: 200,
    answers: () => ({ ready: true }),
  },
  {
    operation: 'GET /metrics',
    does: 'answers figures in the text format of Prometheus',
    as: 'nobody',
    call: () => ({ path: '/metrics' }),
    status: 200,
    effect: async ({ body }) => expect(body).toMatch(/^# HELP /m),
  },
  {
    operation: 'GET /openapi.json',
    does: 'describes all of this',
    as: 'nobody',
    call: () => ({ path: '/openapi.json' }),
    status: 200,
    answers: () => ({ openapi: '3.1.0', info: { title: 'Invigil' } }),
  },
];
