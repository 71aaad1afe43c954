import { expect } from 'vitest';
import { findUser, findUserByEmail } from '../../../../db/users.ts';
import type { Case } from '../case.ts';

export const accounts: Case[] = [
  {
    operation: 'POST /api/auth/register',
    does: 'makes a student and signs them in',
    as: 'nobody',
    call: (world) => ({
      path: '/api/auth/register',
      json: { email: world.newEmail(), password: 'a long password', name: 'Ada' },
    }),
    status: 201,
    answers: ({ call }) => ({
      user: { email: (call.json as { email: string }).email, name: 'Ada', role: 'student', disabledAt: null },
    }),
    stored: async (db, { body }) =>
      expect(await findUser(db, body.user.id)).toMatchObject({ role: 'student', name: 'Ada', disabled_at: null }),
  },
  {
    operation: 'POST /api/auth/login',
    does: 'signs in',
    as: 'nobody',
    call: (world) => ({
      path: '/api/auth/login',
      json: { email: world.owner.tokens?.user.email, password: "Owner's password" },
    }),
    status: 200,
    answers: ({ world }) => ({ user: { id: world.owner.userId }, expiresIn: 900 }),
    effect: async ({ world, body }) => {
      const me = await world.nobody.send('GET', '/api/auth/me', {
        headers: { authorization: `Bearer ${body.accessToken}` },
      });
      expect(me).toMatchObject({ status: 200, body: { id: world.owner.userId } });
    },
  },
  {
    operation: 'POST /api/auth/refresh',
    does: 'answers other tokens',
    as: 'nobody',
    call: async (world) => ({ path: '/api/auth/refresh', json: { refreshToken: (await world.login()).refreshToken } }),
    status: 200,
    answers: ({ world }) => ({ user: { id: world.owner.userId } }),
    effect: async ({ call, body }) =>
      expect(body.refreshToken).not.toBe((call.json as { refreshToken: string }).refreshToken),
  },
  {
    operation: 'GET /api/auth/me',
    does: 'says who is signed in',
    as: 'owner',
    call: () => ({ path: '/api/auth/me' }),
    status: 200,
    answers: ({ world }) => ({ id: world.owner.userId, name: 'Owner', role: 'student' }),
  },
  {
    operation: 'GET /api/users',
    does: 'lists accounts by role, newest first',
    as: 'admin',
    call: () => ({ path: '/api/users?role=proctor' }),
    status: 200,
    answers: ({ world }) => ({ items: [{ id: world.proctor.userId, role: 'proctor' }], nextCursor: null }),
  },
  {
    operation: 'POST /api/users',
    does: 'makes an account of a role',
    as: 'admin',
    call: (world) => ({
      path: '/api/users',
      json: { email: world.newEmail(), password: 'a long password', role: 'admin' },
    }),
    status: 201,
    answers: () => ({ role: 'admin' }),
    stored: async (db, { body }) =>
      expect(await findUserByEmail(db, body.email)).toMatchObject({ id: body.id, role: 'admin' }),
  },
  {
    operation: 'PATCH /api/users/{id}',
    does: 'disables an account',
    as: 'admin',
    call: async (world) => {
      const { user, email } = await world.account();
      return { path: `/api/users/${user.id}`, json: { disabled: true }, ids: { email } };
    },
    status: 200,
    answers: () => ({ role: 'student', disabledAt: expect.any(String) }),
    effect: async ({ world, call }) => {
      await expect(world.site.api().login(call.ids!['email']!, 'a long password')).rejects.toMatchObject({
        status: 403,
        code: 'account_disabled',
      });
    },
    stored: async (db, { body }) => expect((await findUser(db, body.id))?.disabled_at).toBeInstanceOf(Date),
  },
  {
    operation: 'POST /api/setup',
    does: 'is closed once there is an admin',
    as: 'nobody',
    call: (world) => ({
      path: '/api/setup',
      json: { token: 'any', email: world.newEmail(), password: 'a long password' },
    }),
    status: 403,
    answers: () => ({ code: 'setup_closed' }),
    stored: async (db, { call }) =>
      expect(await findUserByEmail(db, (call.json as { email: string }).email)).toBeUndefined(),
    refused: 403,
  },
];
