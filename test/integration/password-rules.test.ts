import { hash } from '@node-rs/argon2';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uuidv7 } from 'uuidv7';
import type { Db } from '../../db/executor.ts';
import { insertUser } from '../../db/users.ts';
import { readConfig } from '../../server/config.ts';
import { startServer } from '../../server/context.ts';
import { ADMIN } from '../support/admin.ts';
import { Api } from '../support/api.ts';
import { createDatabase } from '../support/databases.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const json = (value: unknown) => ({ body: JSON.stringify(value), headers: { 'content-type': 'application/json' } });
const WEAK = ['password', '12345678', ' '.repeat(8), 'PassWord1!', 'invigil2026', 'qwertyuiop'];

let site: TestServer;
/** The database of that server. */
let db: Db;
beforeAll(async () => {
  site = await startTestServer({ overrides: { db: (real) => (db = real) } });
});
afterAll(() => site?.close());

describe('a weak password is refused', () => {
  const ways = {
    'by registering': (body: object) => site.api().send('POST', '/api/auth/register', json(body)),
    'by ProctorBE registration': (body: object) => site.api().send('POST', '/auth/register', json(body)),
    "by ProctorBE registration with an admin's token": (body: object) =>
      site.admin.send('POST', '/auth/register', json({ ...body, role: 'admin' })),
    'for an admin that an admin makes': (body: object) =>
      site.admin.send('POST', '/api/users', json({ ...body, role: 'admin' })),
    'for a student that an admin makes': (body: object) =>
      site.admin.send('POST', '/api/users', json({ ...body, role: 'student' })),
  };
  test.each(Object.entries(ways))('%s', async (_name, send) => {
    for (const weak of WEAK) {
      const email = `${uuidv7()}@example.org`;
      expect(await send({ email, password: weak }), weak).toMatchObject({
        status: 400,
        body: { code: 'weak_password', errors: [{ field: 'body.password' }] },
      });
      expect(await send({ email, password: email }), 'the address').toMatchObject({
        status: 400,
        body: { code: 'weak_password' },
      });
      // Nothing was made: the address is free.
      expect((await send({ email, password: 'a long password' })).status).toBeLessThan(300);
    }
  });

  test('by the link for the first admin, which can then still be used', async () => {
    await using bare = await withoutAdmin();
    const token = bare.server.setupLink?.split('#')[1];
    expect(await bare.send({ token, email: 'root@example.org', password: 'password' })).toMatchObject({
      status: 400,
      body: { code: 'weak_password' },
    });
    expect(await bare.send({ token, email: 'root@example.org', password: 'root@example.org' })).toMatchObject({
      status: 400,
      body: { code: 'weak_password' },
    });
    expect(await bare.send({ token, email: 'root@example.org', password: 'a long password' })).toMatchObject({
      status: 201,
    });
  });

  test('from the environment: the server says which setting, and does not start', async () => {
    // An admin that is there already is left alone.
    const database = await createDatabase('pglite');
    const start = startTestServer({ database, env: { ADMIN_EMAIL: 'root@example.org', ADMIN_PASSWORD: 'password1' } });
    await expect(start).rejects.toMatchObject({
      code: 'bad_config',
      message: expect.stringMatching(/^ADMIN_PASSWORD: .*common/),
    });
  });
});

/** A server whose admin is still to be made. */
async function withoutAdmin() {
  const database = await createDatabase('pglite');
  const { config, secrets } = readConfig({
    PORT: '0',
    DATA_DIR: database.dataDir,
    LOG_LEVEL: 'silent',
    DRAIN_SECONDS: '0.1',
  });
  const server = await startServer(config, secrets);
  return {
    server,
    send: (body: object) => new Api(server.url).send('POST', '/api/setup', json(body)),
    [Symbol.asyncDispose]: async () => {
      await server.close();
      await database.remove();
    },
  };
}

describe('an account of before', () => {
  test('with a weak password, or one that was hashed as it was typed, still logs in', async () => {
    const decomposed = 'Zu\u0308rich im Regen';
    for (const [name, password] of [
      ['weak', 'password'],
      ['old', decomposed],
    ] as const) {
      await insertUser(db, {
        id: uuidv7(),
        email: `${name}@example.org`,
        name,
        role: 'student',
        password_hash: await hash(password),
      });
    }
    await site.api().login('weak@example.org', 'password');
    await site.api().login('old@example.org', decomposed);
    await site.api().register('new@example.org', decomposed, 'New');
    await site.api().login('new@example.org', decomposed.normalize('NFC'));
    await site.api().login('new@example.org', decomposed);
  });
});

describe('ADMIN_PASSWORD that was changed', () => {
  test('changes no password, and the log states how to set one', async () => {
    const database = await createDatabase('pglite', 'admin');
    const lines: string[] = [];
    const log = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) });
    const warnings = () =>
      lines
        .map((line) => (JSON.parse(line) as { msg: string }).msg)
        .filter((message) => /ADMIN_(PASSWORD|EMAIL)/.test(message));
    try {
      const startWith = async (env: Record<string, string>) => {
        const { config, secrets } = readConfig({ PORT: '0', DATA_DIR: database.dataDir, DRAIN_SECONDS: '0.1', ...env });
        const server = await startServer(config, secrets, { log });
        try {
          await new Api(server.url).login(ADMIN.email, ADMIN.password);
        } finally {
          await server.close();
        }
      };
      await startWith({ ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: ADMIN.password });
      expect(warnings()).toEqual([]);
      await startWith({ ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: 'quite another one' });
      expect(warnings()).toEqual([expect.stringMatching(/npm run account -- reset/)]);
      await startWith({ ADMIN_EMAIL: 'nobody@example.org', ADMIN_PASSWORD: 'quite another one' });
      expect(warnings()).toHaveLength(2);
      expect(lines.join()).not.toContain('quite another one');
    } finally {
      await database.remove();
    }
  });
});
