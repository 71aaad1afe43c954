import { expect } from 'vitest';
import { listChain } from '../../../../db/audit/lists.ts';
import { type AuditEntry, type AuditVerificationState, SYSTEM_ID } from '../../../../protocol/http/audit.ts';
import type { AuditCheckpoint, AuditOfSession } from '../../../../protocol/http/audit-proofs.ts';
import { isIncluded } from '../../../support/audit-log.ts';
import { waitFor } from '../../../support/server.ts';
import type { Case } from '../case.ts';
import type { World } from '../world.ts';

/** A session that a proctor has judged, which the log tells. */
async function judged(world: World): Promise<string> {
  const { id } = await world.endedSession();
  await world.proctor.post(`/api/sessions/${id}/verdict`, { verdict: 'no_concern', reason: 'Nothing to see' });
  return id;
}

/** An entry that a checkpoint covers: the admin's own account is the first thing that the log tells. */
async function covered(world: World): Promise<string> {
  const { items } = await world.admin.get<{ items: AuditEntry[] }>(`/api/blockchain/entity/user/${world.admin.userId}`);
  await waitFor(
    'a checkpoint',
    async () =>
      (await world.admin.get<{ checkpoint: AuditCheckpoint | null }>('/api/blockchain/summary')).checkpoint !== null,
  );
  return items[0]!.id;
}

const coveredSessions = new WeakMap<World, Promise<{ readonly id: string }>>();

/** Makes, once, the session that a checkpoint will cover: within 10 s, during which other cases run. */
export function beginCoveredSession(world: World): Promise<{ readonly id: string }> {
  const known = coveredSessions.get(world) ?? world.endedSession();
  coveredSessions.set(world, known);
  return known;
}

/** A session with an entry that a checkpoint covers. */
async function coveredSession(world: World): Promise<string> {
  const { id } = await beginCoveredSession(world);
  await waitFor(
    'a checkpoint',
    async () => (await world.admin.get<{ covered: number }>(`/api/audit/attempt/${id}`)).covered > 0,
  );
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
      expect(
        await listChain(db, { entityType: 'system', entityId: SYSTEM_ID }, { afterPosition: 0, limit: 10 }),
      ).toMatchObject([{ id: body.id, event_type: 'GENESIS' }]);
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
    effect: async ({ call, body }) => {
      expect(body.entries).toBeGreaterThan(0);
      // What was said of logins meanwhile is written when its second is over.
      if (body.newest.eventType !== 'SECURITY')
        expect(body.newest).toMatchObject({
          entityType: 'session',
          entityId: call.ids!['id'],
          eventType: 'VERDICT_GIVEN',
        });
    },
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
    answers: ({ world }) => ({
      items: expect.arrayContaining([
        expect.objectContaining({ eventType: 'VERDICT_GIVEN', actor: world.proctor.userId }),
      ]),
      nextCursor: null,
    }),
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
    answers: () => ({
      items: expect.arrayContaining([expect.objectContaining({ eventType: 'VERDICT_GIVEN' })]),
      nextCursor: null,
    }),
  },
  {
    operation: 'GET /api/blockchain/event-types',
    does: 'names the acts that are logged',
    as: 'admin',
    call: () => ({ path: '/api/blockchain/event-types' }),
    status: 200,
    answers: () => ({
      items: expect.arrayContaining([expect.objectContaining({ type: 'VERDICT_GIVEN', entityType: 'session' })]),
    }),
  },
  {
    operation: 'GET /api/audit/checkpoint',
    does: 'hands out the newest checkpoint',
    as: 'owner',
    call: async (world) => ({ path: '/api/audit/checkpoint', ids: { id: await covered(world) } }),
    status: 200,
    answers: () => ({
      note: expect.stringMatching(/^invigil-audit\/\w+\n\d+\n/),
      key: expect.stringMatching(/^invigil-audit\/\w+\+/),
    }),
  },
  {
    operation: 'GET /api/audit/consistency',
    does: 'proves that the log went on',
    as: 'owner',
    call: async (world) => ({ path: '/api/audit/consistency?from=1&to=1', ids: { id: await covered(world) } }),
    status: 200,
    answers: () => ({ from: 1, to: 1, proof: [] }),
  },
  {
    operation: 'GET /api/audit/inclusion/{entry}',
    does: 'proves that an entry is in the log',
    as: 'proctor',
    call: async (world) => {
      const session = await coveredSession(world);
      const { last } = await world.admin.get<AuditOfSession>(`/api/audit/attempt/${session}`);
      return { path: `/api/audit/inclusion/${last!.entry.id}`, ids: { session } };
    },
    status: 200,
    answers: ({ call }) => ({ entry: { entityType: 'session', entityId: call.ids?.['session'] } }),
    effect: async ({ body }) => expect(await isIncluded(body)).toBe(true),
  },
  {
    operation: 'GET /api/audit/attempt/{id}',
    does: "proves a session's part of the log",
    as: 'proctor',
    call: async (world) => ({ path: `/api/audit/attempt/${await coveredSession(world)}` }),
    status: 200,
    answers: () => ({ last: { entry: { entityType: 'session' } } }),
    effect: async ({ body }) => expect(await isIncluded({ ...body.last, checkpoint: body.checkpoint })).toBe(true),
  },
  {
    operation: 'GET /api/audit/attempt/{id}/file',
    does: "hands out a session's part of the log as a file",
    as: 'proctor',
    call: async (world) => ({ path: `/api/audit/attempt/${await coveredSession(world)}/file` }),
    status: 200,
    effect: ({ body }) => Promise.resolve(expect(body).toContain('invigil-audit-export 1')),
  },
  {
    operation: 'POST /api/audit/verification',
    does: 'verifies the log in the background',
    as: 'admin',
    call: () => ({ path: '/api/audit/verification' }),
    status: 202,
    answers: ({ world }) => ({ startedBy: { id: world.admin.userId } }),
    effect: ({ world }) =>
      waitFor('the result', async () => {
        const { result } = await world.admin.get<AuditVerificationState>('/api/audit/verification');
        return result?.valid === true;
      }),
  },
  {
    operation: 'GET /api/audit/verification',
    does: 'tells the last result',
    as: 'admin',
    call: () => ({ path: '/api/audit/verification' }),
    status: 200,
    answers: () => ({ state: expect.any(String) }),
  },
  {
    operation: 'DELETE /api/audit/verification',
    does: 'cancels a running verification',
    as: 'admin',
    call: () => ({ path: '/api/audit/verification' }),
    status: 200,
    effect: ({ body }) => Promise.resolve(expect(body.state).not.toBe('running')),
  },
  {
    operation: 'GET /api/audit/entries',
    does: 'finds the entries about a session, newest first',
    as: 'proctor',
    call: async (world) => ({ path: `/api/audit/entries?session=${await judged(world)}&kind=decisions` }),
    status: 200,
    answers: ({ world }) => ({
      items: [{ kind: 'VERDICT_GIVEN', actor: world.proctor.userId, details: { verdict: 'no_concern' } }],
      nextCursor: null,
      names: expect.arrayContaining([expect.objectContaining({ id: world.proctor.userId, type: 'user' })]),
    }),
  },
  {
    operation: 'GET /api/audit/security',
    does: 'lists what concerns security, newest first',
    as: 'admin',
    call: () => ({ path: '/api/audit/security?limit=5' }),
    status: 200,
    answers: () => ({ items: expect.any(Array) }),
  },
  {
    operation: 'POST /api/audit/address',
    does: 'tells how an address stands in the log, a digest a day',
    as: 'admin',
    call: () => ({ path: '/api/audit/address', json: { address: '192.0.2.1' } }),
    status: 200,
    answers: () => ({ items: expect.any(Array) }),
  },
];
