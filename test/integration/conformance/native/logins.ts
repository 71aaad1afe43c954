import { expect } from 'vitest';
import type { Case } from '../case.ts';

/** The login of an access token, as its payload names it. */
const loginOf = (accessToken: string): string =>
  (JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString()) as { sid: string }).sid;

export const logins: Case[] = [
  {
    operation: 'POST /api/auth/logout',
    does: 'ends the login of a refresh token, and asks for nothing else',
    as: 'nobody',
    call: async (world) => ({ path: '/api/auth/logout', json: { refreshToken: (await world.login()).refreshToken } }),
    status: 204,
    effect: async ({ world, call }) => {
      await expect(world.nobody.post('/api/auth/refresh', call.json)).rejects.toMatchObject({ status: 401 });
      expect(await world.owner.get('/api/auth/me')).toMatchObject({ id: world.owner.userId });
    },
  },
  {
    operation: 'POST /api/auth/logout',
    does: 'ends the login of the access token, and no other',
    as: 'other',
    call: () => ({ path: '/api/auth/logout' }),
    status: 204,
    effect: async ({ world }) => {
      await expect(world.other.get('/api/auth/me')).rejects.toMatchObject({ status: 401 });
      await world.other.login(world.other.tokens!.user.email, "Other's password");
      expect(await world.other.get('/api/auth/me')).toMatchObject({ id: world.other.userId });
    },
  },
  {
    operation: 'GET /api/auth/logins',
    does: 'lists the own logins',
    as: 'owner',
    call: async (world) => {
      await world.login();
      return { path: '/api/auth/logins' };
    },
    status: 200,
    effect: async ({ body, world }) => {
      const { items } = body as { items: { id: string; current: boolean; device: string }[] };
      expect(items.filter(({ current }) => current).map(({ id }) => id)).toEqual([
        loginOf(world.owner.tokens!.accessToken),
      ]);
      expect(items.length).toBeGreaterThan(1);
    },
  },
  {
    operation: 'DELETE /api/auth/logins/{id}',
    does: 'ends one of the own logins',
    as: 'owner',
    belongs: 'to the owner',
    call: async (world) => {
      const tokens = await world.login();
      return { path: `/api/auth/logins/${loginOf(tokens.accessToken)}`, ids: { token: tokens.accessToken } };
    },
    status: 204,
    effect: async ({ world, call }) => {
      expect(
        await world.nobody.send('GET', '/api/auth/me', { headers: { authorization: `Bearer ${call.ids!['token']}` } }),
      ).toMatchObject({ status: 401 });
      expect(await world.owner.get('/api/auth/me')).toMatchObject({ id: world.owner.userId });
    },
  },
  {
    operation: 'POST /api/auth/logout-everywhere',
    does: 'ends the other logins of the user',
    as: 'owner',
    call: async (world) => ({
      path: '/api/auth/logout-everywhere',
      json: { exceptThis: true },
      ids: { token: (await world.login()).accessToken },
    }),
    status: 200,
    effect: async ({ world, call, body }) => {
      expect((body as { ended: number }).ended).toBeGreaterThan(0);
      expect(
        await world.nobody.send('GET', '/api/auth/me', { headers: { authorization: `Bearer ${call.ids!['token']}` } }),
      ).toMatchObject({ status: 401 });
      expect(await world.owner.get('/api/auth/me')).toMatchObject({ id: world.owner.userId });
    },
  },
];
