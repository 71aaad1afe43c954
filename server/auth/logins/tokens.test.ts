import { SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { ACCESS_SECONDS, AccessTokens, randomToken, tokenHash } from './tokens.ts';

const SECRET = 'a-secret-of-more-than-thirty-two-characters';
const USER = { id: '0191f0a0-0000-7000-8000-000000000001', role: 'proctor' } as const;
const LOGIN = '0191f0a0-0000-7000-8000-000000000002';
const NOW = 1_767_261_600_000;

let now = NOW;
const tokens = new AccessTokens(SECRET, () => now);

interface Forgery {
  readonly key?: string;
  readonly alg?: string;
  readonly typ?: string;
  readonly issuer?: string;
  readonly audience?: string;
  readonly claims?: Record<string, unknown>;
  readonly lifetime?: number;
}

/** A valid token with the given changes. */
function forge({
  key = SECRET,
  alg = 'HS256',
  typ = 'at+jwt',
  issuer = 'invigil',
  audience = 'invigil:api',
  claims,
  lifetime = 60,
}: Forgery): Promise<string> {
  return new SignJWT({ sub: USER.id, role: 'admin', sid: LOGIN, ...claims })
    .setProtectedHeader({ alg, typ })
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt(NOW / 1000)
    .setExpirationTime(NOW / 1000 + lifetime)
    .sign(new TextEncoder().encode(key));
}

const refused = { name: 'ProtocolError', code: 'unauthenticated' };

describe('an access token', () => {
  test('carries user, role, login and expiry', async () => {
    now = NOW;
    expect(await tokens.verify(await tokens.sign(USER, LOGIN))).toEqual({
      userId: USER.id,
      role: 'proctor',
      loginId: LOGIN,
      expiresAt: new Date(NOW + ACCESS_SECONDS * 1000),
    });
  });

  test('the forgeries below are valid except for one property each', async () => {
    expect(await tokens.verify(await forge({}))).toMatchObject({ role: 'admin' });
  });

  test('is valid until its last second and expired afterwards', async () => {
    now = NOW;
    const token = await tokens.sign(USER, LOGIN);
    now = NOW + ACCESS_SECONDS * 1000 - 1;
    await expect(tokens.verify(token)).resolves.toMatchObject({ userId: USER.id });
    now = NOW + ACCESS_SECONDS * 1000;
    await expect(tokens.verify(token)).rejects.toMatchObject({ code: 'token_expired' });
    now = NOW;
  });

  test.each<[string, Forgery]>([
    ['of another key', { key: 'another-secret-of-more-than-thirty-two-chars' }],
    ['for another audience', { audience: 'somebody:else' }],
    ['of another issuer', { issuer: 'https://example.org' }],
    ['of another type, as an ID token is', { typ: 'JWT' }],
    ['signed by an algorithm that is not ours', { alg: 'HS512' }],
    ['with a role that there is not', { claims: { role: 'root' } }],
    ['without a role', { claims: { role: undefined } }],
    ['without a login', { claims: { sid: undefined } }],
    ['without a user', { claims: { sub: undefined } }],
  ])('%s is refused', async (_name, forgery) => {
    await expect(forge(forgery).then((token) => tokens.verify(token))).rejects.toMatchObject(refused);
  });

  test('without expiry is refused', async () => {
    const token = await new SignJWT({ sub: USER.id, role: 'admin', sid: LOGIN })
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
      .setIssuer('invigil')
      .setAudience('invigil:api')
      .sign(new TextEncoder().encode(SECRET));
    await expect(tokens.verify(token)).rejects.toMatchObject(refused);
  });

  test('with alg none is refused, also with a signature copied from another token', async () => {
    const claims = {
      role: 'admin',
      sid: LOGIN,
      exp: NOW / 1000 + 60,
      aud: 'invigil:api',
      iss: 'invigil',
      sub: USER.id,
    };
    const unsecured = new UnsecuredJWT(claims).encode();
    const header = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt' })).toString('base64url');
    const bare = `${header}.${unsecured.split('.')[1]}.`;
    const signature = (await tokens.sign(USER, LOGIN)).split('.')[2];
    for (const token of [unsecured, bare, bare + signature])
      await expect(tokens.verify(token)).rejects.toMatchObject(refused);
  });

  test('with changed claims under its signature is refused', async () => {
    const [header, payload, signature] = (await tokens.sign(USER, LOGIN)).split('.');
    const claims = { ...(JSON.parse(Buffer.from(payload!, 'base64url').toString()) as object), role: 'admin' };
    const changed = `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`;
    await expect(tokens.verify(changed)).rejects.toMatchObject(refused);
  });

  test.each([
    ['a refresh token', randomToken()],
    ['nothing', ''],
    ['dots', '..'],
    ['words', 'not a token at all'],
  ])('%s is not a random token', async (_name, token) => {
    await expect(tokens.verify(token)).rejects.toMatchObject(refused);
  });
});

describe('random tokens', () => {
  test('have 256 bits, fit into a header and do not repeat', () => {
    const made = Array.from({ length: 1000 }, randomToken);
    for (const token of made) expect(token).toMatch(/^[\w-]{43}$/);
    expect(new Set(made).size).toBe(1000);
  });

  test('are stored as their SHA-256', () => {
    expect(tokenHash('abc').toString('hex')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
