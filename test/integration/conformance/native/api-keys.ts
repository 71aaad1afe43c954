import { expect } from 'vitest';
import { findApiKey } from '../../../../db/api-keys.ts';
import type { Case } from '../case.ts';
import type { World } from '../world.ts';

const BODY = { name: 'Exam site', scopes: ['tickets'] };
const created = (world: World) => world.admin.post<{ id: string; key: string }>('/api/keys', BODY);

export const apiKeys: Case[] = [
  {
    operation: 'POST /api/keys',
    does: 'creates a key and shows it once',
    as: 'admin',
    call: () => ({ path: '/api/keys', json: BODY }),
    status: 201,
    answers: ({ world }) => ({
      ...BODY,
      key: expect.stringMatching(/^ivk_[0-9a-f]{32}_[\w-]{43}$/),
      createdBy: world.admin.userId,
      expiresAt: null,
      revokedAt: null,
      lastUsedOn: null,
    }),
    stored: async (db, { body }) => {
      const row = await findApiKey(db, body.id);
      expect(row?.digest).toHaveLength(32);
      expect(JSON.stringify(row)).not.toContain(body.key.slice(-43));
    },
  },
  {
    operation: 'GET /api/keys',
    does: 'lists keys, newest first and without their secrets',
    as: 'admin',
    call: async (world) => {
      const { id, key } = await created(world);
      return { path: '/api/keys?limit=1', ids: { id, key } };
    },
    status: 200,
    answers: ({ call }) => ({ items: [{ id: call.ids!['id'], name: 'Exam site' }], nextCursor: call.ids!['id'] }),
    effect: async ({ body, call }) => expect(JSON.stringify(body)).not.toContain(call.ids!['key']!.slice(-43)),
  },
  {
    operation: 'PATCH /api/keys/{id}',
    does: 'renames a key and sets its expiry',
    as: 'admin',
    call: async (world) => ({
      path: `/api/keys/${(await created(world)).id}`,
      json: { name: 'Moodle', expiresAt: '2099-01-01T00:00:00.000Z' },
    }),
    status: 200,
    answers: ({ call }) => call.json,
  },
  {
    operation: 'DELETE /api/keys/{id}',
    does: 'revokes a key',
    as: 'admin',
    call: async (world) => {
      const { id } = await created(world);
      return { path: `/api/keys/${id}`, ids: { id } };
    },
    status: 204,
    stored: async (db, { call, world }) =>
      expect(await findApiKey(db, call.ids!['id']!)).toMatchObject({
        revoked_at: expect.any(Date),
        revoked_by: world.admin.userId,
      }),
  },
];
