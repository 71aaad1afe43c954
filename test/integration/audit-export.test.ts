import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { appendAudits } from '../../db/audit/append.ts';
import { treeSize } from '../../db/audit/tree.ts';
import { deleteSessions } from '../../db/delete-sessions.ts';
import { migrate } from '../../db/migrate.ts';
import { openDatabase } from '../../db/open.ts';
import type { AuditCheckpoint } from '../../protocol/http/audit-proofs.ts';
import { readStore } from '../../server/config.ts';
import { exportLog } from '../../server/audit/commands/export-command.ts';
import { verifyExport } from '../../server/audit/export/verify.ts';
import { type Attempt, startAttempt } from '../support/attempt.ts';
import { AuditClock } from '../support/audit-log.ts';
import { createDatabase, KINDS, type TestDatabase } from '../support/databases.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';

const CLI = fileURLToPath(new URL('../../dist/server/audit/cli.js', import.meta.url));

/** The command as an operator runs it, with nothing in its environment but this. */
function audit(env: NodeJS.ProcessEnv, ...args: string[]): Promise<{ code: unknown; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI, ...args], { env: { PATH: process.env['PATH'], ...env } }, (error, out, err) =>
      resolve({ code: error?.code ?? 0, out, err }),
    );
  });
}

const environment = ({ url, dataDir }: TestDatabase): NodeJS.ProcessEnv => ({
  DATA_DIR: dataDir,
  ...(url === undefined ? {} : { DATABASE_URL: url }),
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'invigil-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A server with two sessions, each with events and an end, and all of it under a checkpoint. */
async function fill(
  site: TestServer,
  time: AuditClock,
): Promise<{ readonly attempts: readonly Attempt[]; readonly newest: AuditCheckpoint }> {
  const attempts = [await startAttempt(site), await startAttempt(site)];
  for (const { student, session } of attempts) {
    for (let i = 0; i < 4; i++)
      await student.post('/api/proctoring/event', { sessionId: session.id, type: 'TAB_SWITCH' });
    await student.post(`/api/sessions/${session.id}/end`);
  }
  // Security acts enter the log apart from the others, all in one batch.
  await waitFor('their registrations', async () => {
    await time.checkpointed(site.admin);
    const { items } = await site.admin.get<{ items: unknown[] }>('/api/audit/security?kind=registered');
    return items.length === attempts.length;
  });
  return { attempts, newest: await time.checkpointed(site.admin) };
}

for (const { kind, available, title } of KINDS) {
  describe.runIf(available)(`on ${title}`, () => {
    let database: TestDatabase;
    let site: TestServer;
    let attempts: readonly Attempt[];
    let newest: AuditCheckpoint;
    beforeAll(async () => {
      database = await createDatabase(kind);
      const time = new AuditClock();
      site = await startTestServer({ database, overrides: { clock: time.clock, timers: time.timers } });
      ({ attempts, newest } = await fill(site, time));
    });
    afterAll(async () => {
      await site?.close();
      await database?.remove();
    });

    test.runIf(kind === 'pglite')(
      'the command fails while a server has the embedded database open, and does not wait for its end',
      async () => {
        expect(await audit(environment(database), 'export', join(folder, 'log'))).toMatchObject({
          code: 2,
          out: '',
          err: expect.stringContaining('stop the server before exporting'),
        });
      },
    );

    test('an exported log verifies offline, and a changed byte is located', async () => {
      const [file, ofSession] = [join(folder, 'log'), join(folder, 'session')];
      const store = readStore(environment(database));
      const checkpoints = join(store.auditDir, 'checkpoints');
      // Beside a server that runs, where that can be.
      if (kind === 'pglite') {
        await expect(exportLog(file, undefined, store)).rejects.toMatchObject({
          code: 'not_exported',
          message: expect.stringContaining('stop the server before exporting'),
        });
        await site.close();
      }
      expect(await exportLog(file, undefined, store)).toBe(0);
      const whole = await verifyExport(file, { keys: [newest.key], checkpoints });
      expect(whole).toMatchObject({ valid: true, pending: 0, erased: 0, vouchedBy: { key: true, outside: true } });
      expect(whole.checked).toBeGreaterThanOrEqual(newest.size);
      expect(whole.vouched).toBe(whole.checked);
      const { id } = attempts[0]!.session;
      expect(await exportLog(ofSession, id, store)).toBe(0);
      const part = await verifyExport(ofSession, { keys: [newest.key], checkpoints });
      expect(part).toMatchObject({
        valid: true,
        header: { kind: 'session', session: id },
        vouchedBy: { key: true, outside: true },
      });
      expect(part.checked).toBeGreaterThanOrEqual(3);
      expect(part.checked).toBeLessThan(whole.checked);

      // What is there is not written over.
      await expect(exportLog(file, undefined, store)).rejects.toMatchObject({ code: 'EEXIST' });
      const bytes = await readFile(file);
      expect(bytes.toString('latin1')).not.toContain('Student');
      // The last letter of the id of the entity, of the entry that says that a session began.
      const at = bytes.indexOf(id, bytes.indexOf('SESSION_STARTED') - 100) + id.length - 1;
      bytes[at]! ^= 1;
      await writeFile(join(folder, 'changed'), bytes);
      expect(await verifyExport(join(folder, 'changed'), { keys: [newest.key] })).toMatchObject({
        valid: false,
        firstBad: { what: 'entry', reason: 'hash', entityType: 'session', position: 1, leaf: expect.any(Number) },
      });
    });

    test.runIf(kind === 'pglite')(
      'the command exports a stopped server without creating secrets, and verifies without the database',
      async () => {
        await site.close();
        const [env, file] = [environment(database), join(folder, 'log')];
        await Promise.all(
          ['jwt-secret', 'evidence-key', 'audit-key'].map((name) => rm(join(database.dataDir, name), { force: true })),
        );
        const before = (await readdir(database.dataDir)).toSorted();
        expect(
          await audit({ ...env, NODE_ENV: 'production', AUDIT_KEY_FILE: '/not/there' }, 'export', file),
        ).toMatchObject({
          code: 0,
          err: expect.not.stringContaining('rror'),
          out: expect.stringMatching(/^\d+ entries and \d+ checkpoints in /),
        });
        expect((await readdir(database.dataDir)).toSorted()).toEqual(before);
        expect(
          await audit(
            {},
            'verify',
            file,
            '--key',
            newest.key,
            '--checkpoint',
            join(database.dataDir, 'audit', 'checkpoints'),
          ),
        ).toMatchObject({ code: 0 });
        expect(await audit(env, 'export', '--session', attempts[1]!.session.id, join(folder, 'session'))).toMatchObject(
          {
            code: 0,
          },
        );
        expect(
          await audit(env, 'export', '--session', '01a20128-b3ea-75c2-965a-5ede413d3d6b', join(folder, 'none')),
        ).toMatchObject({ code: 2, err: expect.stringContaining('no entry of a session') });
        const bytes = await readFile(file);
        bytes[bytes.indexOf('SESSION_ENDED')]! ^= 1;
        await writeFile(file, bytes);
        expect(await audit({}, 'verify', file)).toMatchObject({
          code: 1,
          out: expect.stringMatching(/BAD: entry at leaf \d+, session [\w-]+, position \d+/),
        });
      },
    );

    test('a log with erased sessions verifies, and so does the export of a fully erased session', async () => {
      await site.close();
      const opened = await openDatabase(database);
      const { id } = attempts[0]!.session;
      await opened.db.transaction().execute((tx) => deleteSessions(tx, [id]));
      await opened.close();
      const store = readStore(environment(database));
      for (const session of [undefined, id]) {
        const file = join(folder, session ?? 'log');
        expect(await exportLog(file, session, store)).toBe(0);
        expect(await verifyExport(file, { keys: [newest.key] })).toMatchObject({ valid: true });
      }
    });

    test('an export contains queued entries and more than a page of leaves, and shows changes made in the database', async () => {
      const large = await createDatabase(kind);
      onTestFinished(() => large.remove());
      const opened = await openDatabase(large);
      await migrate(opened.db);
      const entityId = '01a20128-b3ea-75c2-965a-5ede413d3d6b';
      const acts = (count: number) =>
        Array.from({ length: count }, () => ({ type: 'USER_ENABLED', entityId, actor: null, at: new Date() }) as const);
      await opened.db.transaction().execute((tx) => appendAudits(tx, acts(1500)));
      await opened.close();
      const time = new AuditClock();
      const other = await startTestServer({ database: large, overrides: { clock: time.clock, timers: time.timers } });
      await time.checkpointed(other.admin);
      await other.close();
      const again = await openDatabase(large);
      // Those, the admin's account and login.
      const size = await treeSize(again.db);
      expect(size).toBeGreaterThan(1500);
      await again.db.transaction().execute((tx) => appendAudits(tx, acts(3)));
      await again.close();
      const store = readStore(environment(large));
      const checkpoints = join(store.auditDir, 'checkpoints');
      const run = async (name: string) => {
        expect(await exportLog(join(folder, name), undefined, store)).toBe(0);
        return verifyExport(join(folder, name), { checkpoints });
      };
      const whole = await run('whole');
      expect(whole).toMatchObject({ valid: true, vouched: size, checked: size + whole.pending });
      expect(whole.pending).toBeGreaterThanOrEqual(3);
      await expect(exportLog(join(folder, 'none'), entityId, store)).rejects.toMatchObject({
        code: 'nothing_to_export',
      });

      const third = await openDatabase(large);
      await sql`ALTER TABLE audit_entries DISABLE TRIGGER USER`.execute(third.db);
      await sql`DELETE FROM audit_entries WHERE position = 1200`.execute(third.db);
      await third.close();
      expect(await run('deleted')).toMatchObject({
        valid: false,
        firstBad: { what: 'entry', reason: 'missing' },
        checked: expect.any(Number),
      });
    });
  });
}

test('a log continues after a key change and verifies with both keys', async () => {
  const database = await createDatabase('pglite');
  onTestFinished(() => database.remove());
  const [time, keys] = [new AuditClock(), [] as string[]];
  for (const AUDIT_KEY of ['ab'.repeat(32), 'cd'.repeat(32)]) {
    const site = await startTestServer({
      database,
      env: { AUDIT_KEY },
      overrides: { clock: time.clock, timers: time.timers },
    });
    await site.student();
    keys.push((await time.checkpointed(site.admin)).key);
    await site.close();
  }
  const store = readStore(environment(database));
  const [file, checkpoints] = [join(folder, 'log'), join(store.auditDir, 'checkpoints')];
  expect(await exportLog(file, undefined, store)).toBe(0);
  expect(await verifyExport(file, { keys, checkpoints })).toMatchObject({
    valid: true,
    vouchedBy: { key: true, outside: true },
  });
  expect(await verifyExport(file)).toMatchObject({ valid: true, vouched: 0 });
  expect(await verifyExport(file, { keys: [keys[1]!] })).toMatchObject({
    valid: false,
    firstBad: { what: 'checkpoint', reason: 'unknown_key' },
  });
});

describe('the command', () => {
  test('reports a missing database and creates none', async () => {
    const empty = join(folder, 'empty');
    expect(await audit({ DATA_DIR: empty }, 'export', join(folder, 'log'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('no database in'),
    });
    expect(await readdir(folder)).toEqual([]);
    expect(
      await audit({ DATA_DIR: empty, DATABASE_URL: 'postgres://u:p@127.0.0.1:1/none' }, 'export', join(folder, 'log')),
    ).toMatchObject({ code: 2, err: expect.stringContaining('ECONNREFUSED') });
  });
});
