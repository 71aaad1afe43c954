import { expect } from 'vitest';
import { listChain } from '../../../db/audit-log.ts';
import { SYSTEM_ID } from '../../../protocol/http/audit.ts';
import type { Case } from '../case.ts';
import type { World } from '../world.ts';

/** A session that a proctor has judged, which the log tells. */
async function judged(world: World): Promise<string> {
  const { id } = await world.endedSession();
  await world.proctor.post(`/api/sessions/${id}/verdict`, { verdict: 'no_concern', reason: 'Nothing to see' });
  return id;
}

export const audit: Case[] = [
  {
    operation: 'POST /api/blockchain/initialize',
    does: 'writes the genesis entry',
    as: 'admin',
    call: () => ({ path: '/api/blockchain/initialize' }),
    status: 201,
    answers: ({ world }) => ({ eventType: 'GENESIS', entityType: 'system', position: 1, actor: world.admin.userId }),
    stored: async (db, { body }) => {
      expect(await listChain(db, { entityType: 'system', entityId: SYSTEM_ID }, { afterPosition: 0, limit: 10 })).toMatchObject([{ id: body.id, event_type: 'GENESIS' }]);
    },
  },
  {
    operation: 'POST /api/blockchain/initialize',
    does: 'is refused the second time',
    as: 'admin',
    call: () => ({ path: '/api/blockchain/initialize' }),
    status: 409,
    answers: () => ({ code: 'already_initialised' }),
  },
  {
    operation: 'GET /api/blockchain/summary',
    does: 'says how long the log is',
    as: 'admin',
    call: async (world) => ({ path: '/api/blockchain/summary', ids: { id: await judged(world) } }),
    status: 200,
    answers: ({ call }) => ({ newest: { entityType: 'session', entityId: call.ids!['id'], eventType: 'VERDICT_GIVEN' } }),
    effect: async ({ body }) => expect(body.entries).toBeGreaterThan(0),
  },
  {
    operation: 'GET /api/blockchain/verify',
    does: 'finds nothing wrong',
    as: 'admin',
    call: async (world) => ({ path: '/api/blockchain/verify', ids: { id: await judged(world) } }),
    status: 200,
    answers: () => ({ valid: true }),
    effect: async ({ body }) => expect(body.checked).toBeGreaterThan(0),
  },
  {
    operation: 'GET /api/blockchain/entity/{type}/{id}',
    does: 'shows the chain of a session',
    as: 'proctor',
    call: async (world) => ({ path: `/api/blockchain/entity/session/${await judged(world)}` }),
    status: 200,
    answers: ({ world }) => ({ items: expect.arrayContaining([expect.objectContaining({ eventType: 'VERDICT_GIVEN', actor: world.proctor.userId })]), nextCursor: null }),
  },
  {
    operation: 'GET /api/blockchain/events/{type}',
    does: 'lists acts of a type, newest first',
    as: 'admin',
    call: async (world) => ({ path: '/api/blockchain/events/VERDICT_GIVEN?limit=1', ids: { id: await judged(world) } }),
    status: 200,
    answers: ({ call }) => ({ items: [{ eventType: 'VERDICT_GIVEN', entityId: call.ids!['id'] }] }),
  },
  {
    operation: 'GET /api/blockchain/attempt/{id}',
    does: 'shows the chain of an attempt',
    as: 'proctor',
    call: async (world) => ({ path: `/api/blockchain/attempt/${await judged(world)}` }),
    status: 200,
    answers: () => ({ items: expect.arrayContaining([expect.objectContaining({ eventType: 'VERDICT_GIVEN' })]), nextCursor: null }),
  },
  {
    operation: 'GET /api/blockchain/event-types',
    does: 'names the acts that are logged',
    as: 'admin',
    call: () => ({ path: '/api/blockchain/event-types' }),
    status: 200,
    answers: () => ({ items: expect.arrayContaining([expect.objectContaining({ type: 'VERDICT_GIVEN', entityType: 'session' })]) }),
  },
];
