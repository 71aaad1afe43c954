import { expect } from 'vitest';
import { findPasswordReset } from '../../../../db/password-resets.ts';
import { tokenHash } from '../../../../server/auth/logins/tokens.ts';
import type { TotpSetup } from '../../../../protocol/http/second-factors.ts';
import type { Case } from '../case.ts';
import type { World } from '../world.ts';

const nobodys = '00000000-0000-7000-8000-000000000000';
/** One of the owner's that is not confirmed yet: it counts for nothing, and changes no other case. */
const offered = (world: World) => world.owner.post<TotpSetup>('/api/auth/second-factors/totp', {});

export const factors: Case[] = [
  {
    operation: 'POST /api/auth/password',
    does: 'wants the password that one has',
    as: 'other',
    call: () => ({
      path: '/api/auth/password',
      json: { currentPassword: 'another password', newPassword: 'a password of my own' },
    }),
    status: 403,
    answers: () => ({ code: 'wrong_password' }),
    refused: 403,
  },
  {
    operation: 'POST /api/auth/reset',
    does: 'refuses a token that was not made',
    as: 'nobody',
    call: () => ({ path: '/api/auth/reset', json: { token: 'any', newPassword: 'a password of my own' } }),
    status: 403,
    answers: () => ({ code: 'reset_closed' }),
    refused: 403,
  },
  {
    operation: 'POST /api/auth/reset/account',
    does: 'tells nothing for a token that was not made',
    as: 'nobody',
    call: () => ({ path: '/api/auth/reset/account', json: { token: 'any' } }),
    status: 403,
    answers: () => ({ code: 'reset_closed' }),
    refused: 403,
  },
  {
    operation: 'POST /api/users/{id}/reset',
    does: 'makes a link to set a password',
    as: 'admin',
    call: async (world) => ({ path: `/api/users/${(await world.account()).user.id}/reset`, json: {} }),
    status: 201,
    answers: () => ({ path: expect.stringMatching(/^\/account#reset=[\w-]{43}$/), expiresAt: expect.any(String) }),
    stored: async (db, { body }) =>
      expect(await findPasswordReset(db, tokenHash((body.path as string).split('=')[1]!))).toMatchObject({
        remove_factors: false,
      }),
  },
  {
    operation: 'POST /api/auth/second-factor/options',
    does: 'refuses a login that was not begun',
    as: 'nobody',
    call: () => ({ path: '/api/auth/second-factor/options', json: { pending: 'any' } }),
    status: 401,
    answers: () => ({ code: 'unauthenticated' }),
    refused: 401,
  },
  {
    operation: 'POST /api/auth/second-factor',
    does: 'refuses a login that was not begun',
    as: 'nobody',
    call: () => ({ path: '/api/auth/second-factor', json: { pending: 'any', code: '123456' } }),
    status: 401,
    answers: () => ({ code: 'unauthenticated' }),
    refused: 401,
  },
  {
    operation: 'POST /api/auth/step-up/options',
    does: 'asks an account without a second factor for its password',
    as: 'owner',
    call: () => ({ path: '/api/auth/step-up/options' }),
    status: 200,
    answers: () => ({ methods: ['password'], passkey: null }),
  },
  {
    operation: 'POST /api/auth/step-up',
    does: 'refuses a recovery code that was not given out',
    as: 'owner',
    call: () => ({ path: '/api/auth/step-up', json: { recoveryCode: 'none' } }),
    status: 403,
    answers: () => ({ code: 'bad_second_factor' }),
    refused: 403,
  },
  {
    operation: 'GET /api/auth/second-factors',
    does: 'lists no factors of an account without any',
    as: 'owner',
    call: () => ({ path: '/api/auth/second-factors' }),
    status: 200,
    answers: () => ({ items: [], recoveryCodes: 0, required: false }),
  },
  {
    operation: 'POST /api/auth/second-factors/totp',
    does: 'offers a secret for an authenticator app',
    as: 'owner',
    call: () => ({ path: '/api/auth/second-factors/totp', json: { name: 'Phone' } }),
    status: 201,
    answers: () => ({
      secret: expect.stringMatching(/^[A-Z2-7]{32}$/),
      uri: expect.stringContaining('otpauth://totp/'),
    }),
  },
  {
    operation: 'POST /api/auth/second-factors/totp/{id}/confirm',
    does: 'refuses a wrong code',
    as: 'owner',
    call: async (world) => {
      const { id, secret } = await offered(world);
      // None of the codes around now.
      const { TOTP } = await import('otpauth');
      const near = new Set(
        [-60, -30, 0, 30, 60].map((s) => new TOTP({ secret }).generate({ timestamp: Date.now() + s * 1000 })),
      );
      return {
        path: `/api/auth/second-factors/totp/${id}/confirm`,
        json: { code: ['000000', '111111', '222222', '333333', '444444', '555555'].find((code) => !near.has(code)) },
      };
    },
    status: 403,
    answers: () => ({ code: 'bad_second_factor' }),
    belongs: 'to the owner',
    refused: 403,
  },
  {
    operation: 'POST /api/auth/second-factors/passkey/options',
    does: 'refuses a page of another origin',
    as: 'owner',
    call: () => ({ path: '/api/auth/second-factors/passkey/options' }),
    status: 403,
    answers: () => ({ code: 'bad_origin' }),
    refused: 403,
  },
  {
    operation: 'POST /api/auth/second-factors/passkey',
    does: 'refuses a page of another origin',
    as: 'owner',
    call: () => ({
      path: '/api/auth/second-factors/passkey',
      json: {
        passkey: {
          id: 'AA',
          rawId: 'AA',
          type: 'public-key',
          response: { clientDataJSON: 'AA', attestationObject: 'AA' },
        },
      },
    }),
    status: 403,
    answers: () => ({ code: 'bad_origin' }),
    refused: 403,
  },
  {
    operation: 'POST /api/auth/second-factors/recovery-codes',
    does: 'creates no recovery codes without a second factor',
    as: 'owner',
    call: () => ({ path: '/api/auth/second-factors/recovery-codes' }),
    status: 404,
    refused: 404,
  },
  {
    operation: 'PATCH /api/auth/second-factors/{id}',
    does: 'refuses to rename a missing factor',
    as: 'owner',
    call: () => ({ path: `/api/auth/second-factors/${nobodys}`, json: { name: 'Key' } }),
    status: 404,
    belongs: 'to the owner',
    refused: 404,
  },
  {
    operation: 'DELETE /api/auth/second-factors/{id}',
    does: 'removes one',
    as: 'owner',
    call: async (world) => ({ path: `/api/auth/second-factors/${(await offered(world)).id}` }),
    status: 204,
    belongs: 'to the owner',
  },
];
