import { expect } from 'vitest';
import type { Case } from '../case.ts';

export const service: Case[] = [
  {
    operation: 'GET /api/system',
    does: 'tells the state of each part, without secrets',
    as: 'admin',
    call: () => ({ path: '/api/system' }),
    status: 200,
    answers: () => ({
      parts: expect.arrayContaining([{ name: 'database', state: 'ok', code: 'up', reason: null }]),
      settings: expect.arrayContaining([{ name: 'JWT_SECRET', value: null, source: 'generated', isSecret: true }]),
    }),
  },
  {
    operation: 'GET /health',
    does: 'reports liveness and component status',
    as: 'nobody',
    call: () => ({ path: '/health' }),
    status: 200,
    answers: () => ({ status: 'ok', database: 'up', store: 'there' }),
  },
  {
    operation: 'GET /ready',
    does: 'reports readiness',
    as: 'nobody',
    call: () => ({ path: '/ready' }),
    status: 200,
    answers: () => ({ ready: true }),
  },
  {
    operation: 'GET /metrics',
    does: 'returns metrics in Prometheus text format',
    as: 'nobody',
    call: () => ({ path: '/metrics' }),
    status: 200,
    effect: async ({ body }) => expect(body).toMatch(/^# HELP /m),
  },
  {
    operation: 'POST /api/socket-check',
    does: 'tells a page that its sockets are accepted',
    as: 'nobody',
    call: () => ({ path: '/api/socket-check' }),
    status: 200,
    answers: () => ({ allowed: true, code: null }),
  },
  {
    operation: 'GET /openapi.json',
    does: 'describes the API',
    as: 'nobody',
    call: () => ({ path: '/openapi.json' }),
    status: 200,
    answers: () => ({ openapi: '3.1.0', info: { title: 'Invigil' } }),
  },
  {
    operation: 'GET /protocol.json',
    does: 'describes the socket messages',
    as: 'nobody',
    call: () => ({ path: '/protocol.json' }),
    status: 200,
    answers: () => ({ $schema: 'https://json-schema.org/draft/2020-12/schema' }),
  },
];
