import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { entryHash, NO_HASH, saltedDigest } from '../../db/audit/hash.ts';
import { openDatabase } from '../../db/open.ts';
import { verifyExport } from '../../server/audit/export/verify.ts';
import { type Attempt, startAttempt } from '../support/attempt.ts';
import { AuditClock } from '../support/audit-log.ts';
import { seriousFaults } from '../support/axe.ts';
import { hasBrowser, launch } from '../support/browser.ts';
import { createDatabase, type TestDatabase } from '../support/databases.ts';
import { openConsole, shoot, tooWide, watchPage } from '../support/pages.ts';
import { freePort } from '../support/process.ts';
import { headlessPath } from '../support/requirements.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const SLOW = { timeout: 240_000 };
const skipped = hasBrowser ? '' : ' (skipped: no Chromium)';

let browser: Browser;
beforeAll(async () => {
  if (hasBrowser) browser = await launch();
});
afterAll(() => browser?.close());

let database: TestDatabase;
let port: number;
let time: AuditClock;
let site: TestServer;
beforeEach(async () => {
  if (!hasBrowser) return;
  database = await createDatabase('pglite');
  port = await freePort();
  time = new AuditClock();
  await start();
});
afterEach(async () => {
  await site?.close();
  await database?.remove();
});

/** On the same database, at the same address. */
async function start(): Promise<void> {
  site = await startTestServer({
    database,
    env: { PORT: String(port), PUBLIC_URL: `http://127.0.0.1:${port},http://exam.test:${port}` },
    overrides: { clock: time.clock, timers: time.timers },
  });
}

/** A finished attempt with events, covered by a checkpoint. */
async function finished(): Promise<Attempt> {
  const attempt = await startAttempt(site);
  for (let i = 0; i < 3; i++)
    await attempt.student.post('/api/proctoring/event', { sessionId: attempt.session.id, type: 'TAB_SWITCH' });
  await attempt.student.post(`/api/sessions/${attempt.session.id}/end`);
  await time.checkpointed(site.admin);
  return attempt;
}

/**
 * Attack by a database owner who also has the server's key: another actor in the first entry of a session, all hashes
 * recomputed, and no trace of earlier checkpoints.
 */
async function rewrite({ session }: Attempt): Promise<void> {
  const { db, close } = await openDatabase(database);
  for (const table of ['audit_entries', 'audit_heads', 'audit_leaves', 'audit_tiles', 'audit_checkpoints'])
    await sql`ALTER TABLE ${sql.raw(table)} DISABLE TRIGGER USER`.execute(db);
  const chain = await db
    .selectFrom('audit_entries')
    .selectAll()
    .where('entity_id', '=', session.id)
    .orderBy('position')
    .execute();
  let prev: Uint8Array = NO_HASH;
  for (const row of chain) {
    const payload = row.position === 1 ? Buffer.from('{"examId":"another","policyVersion":1}') : row.payload;
    const changed = { ...row, payload, digest: saltedDigest('payload', row.salt, payload), prev_hash: prev };
    prev = entryHash(changed);
    await db
      .updateTable('audit_entries')
      .set({ payload, digest: changed.digest, prev_hash: changed.prev_hash, hash: prev })
      .where('id', '=', row.id)
      .execute();
  }
  await db.updateTable('audit_heads').set({ hash: prev }).where('entity_id', '=', session.id).execute();
  await sql`INSERT INTO audit_queue (entry_id) SELECT entry_id FROM audit_leaves ORDER BY leaf_index`.execute(db);
  for (const table of ['audit_leaves', 'audit_tiles', 'audit_checkpoints'])
    await sql`DELETE FROM ${sql.raw(table)}`.execute(db);
  await close();
  await rm(join(database.dataDir, 'audit'), { recursive: true });
}

const line = (page: Page) => page.locator('.log-line :is(summary, p.muted)');
const kept = async (page: Page) =>
  JSON.parse(await page.evaluate<string>(`localStorage.getItem('invigil.audit')`)) as {
    size: number;
    note: string;
    alarm?: { reason: string };
  };

test.runIf(hasBrowser)(
  `the console verifies the log, a report is compared and recomputed, and its saved proof verifies offline${skipped}`,
  SLOW,
  async () => {
    const { session } = await finished();
    const page = await openConsole(browser, site.url);
    const seen = watchPage(page, site.url);
    try {
      await expect.poll(() => line(page).textContent()).toMatch(/^Audit log: \d+ entries, verified \d\d:\d\d$/);
      const first = await kept(page);
      expect(first.note).toContain(`\n${first.size}\n`);
      await line(page).click();
      await page.getByText('compare it with the one that the server').waitFor();
      await shoot(page, 'audit-line');

      // The log grows, and so does the remembered checkpoint.
      await finished();
      await page.reload();
      await expect.poll(async () => (await kept(page)).size).toBeGreaterThan(first.size);
      expect((await kept(page)).alarm).toBeUndefined();

      await page.goto(`${site.url}/console#/session/${session.id}/report`);
      await page.getByText('each entry follows its predecessor').waitFor();
      const { checkpoint } = await site.admin.get<{ checkpoint: { note: string; key: string } }>(
        '/api/blockchain/summary',
      );
      for (const part of [
        'included in the checkpoint below, which is signed with the key below',
        'continues what this browser has seen',
        checkpoint.key,
        checkpoint.note.split('\n')[2]!,
      ])
        await expect.poll(() => page.getByRole('article').textContent()).toContain(part);
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Save this part of the log' }).click(),
      ]);
      expect(download.suggestedFilename()).toBe(`session-${session.id}.audit`);
      const outside = join(database.dataDir, 'audit', 'checkpoints');
      expect(await verifyExport(await download.path(), { keys: [checkpoint.key], checkpoints: outside })).toMatchObject(
        { valid: true, header: { session: session.id }, vouchedBy: { key: true, outside: true } },
      );
      await shoot(page, 'audit-report');
      expect(await seriousFaults(page)).toEqual([]);
      expect(seen).toEqual({ foreign: [], errors: [] });
    } finally {
      await page.close();
    }
  },
);

test.runIf(hasBrowser)(
  `a log rewritten and signed with the same key raises a permanent alarm${skipped}`,
  SLOW,
  async () => {
    const attempt = await finished();
    const page = await openConsole(browser, site.url);
    try {
      await expect.poll(() => line(page).textContent()).toMatch(/entries, verified/);
      const good = await kept(page);
      await site.close();
      await rewrite(attempt);
      await start();
      await time.checkpointed(site.admin);
      // The server's own verification passes: its database is consistent, and there is no external copy.
      expect(await site.admin.get('/api/blockchain/verify')).toMatchObject({ valid: true });

      await page.reload();
      const alarm = page.getByRole('alert');
      await alarm.getByRole('heading', { name: 'The audit log was changed' }).waitFor();
      await alarm.getByText('What to do:').waitFor();
      await expect.poll(() => line(page).textContent()).toBe('Audit log: verification failed, see above');
      expect(await kept(page)).toMatchObject({ note: good.note, size: good.size, alarm: { reason: 'rewritten' } });
      await shoot(page, 'audit-alarm');
      await page.setViewportSize({ width: 640, height: 800 });
      await page.getByText('Both checkpoints', { exact: true }).click();
      expect(await tooWide(page)).toEqual([]);
      expect(await seriousFaults(page)).toEqual([]);
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Save both checkpoints' }).click(),
      ]);
      const saved = await readFile(await download.path(), 'utf8');
      const { checkpoint } = await site.admin.get<{ checkpoint: { note: string } }>('/api/blockchain/summary');
      for (const note of [good.note, checkpoint.note]) expect(saved).toContain(note);

      // A session's report shows it as well, until a person accepts it.
      await page.goto(`${site.url}/console#/session/${attempt.session.id}/report`);
      await page.getByText('The log that it belongs to no longer matches').waitFor();
      await page.reload();
      await alarm.getByRole('heading', { name: 'The audit log was changed' }).waitFor();
      await page.getByRole('button', { name: 'Accept the current log…' }).click();
      await page.getByRole('button', { name: 'Keep checkpoint' }).click();
      await alarm.waitFor();
      await page.getByRole('button', { name: 'Accept the current log…' }).click();
      await page.getByRole('button', { name: 'Accept current log' }).click();
      await alarm.waitFor({ state: 'detached' });
      await expect.poll(() => line(page).textContent()).toMatch(/entries, verified/);
      expect((await kept(page)).note).not.toBe(good.note);
    } finally {
      await page.close();
    }
  },
);

test.runIf(hasBrowser)(
  `another key or a shorter log raises an alarm; an unreachable server does not${skipped}`,
  SLOW,
  async () => {
    // Two checkpoints: one to compare with.
    await finished();
    await finished();
    const page = await openConsole(browser, site.url);
    try {
      await expect.poll(() => line(page).textContent()).toMatch(/entries, verified/);
      await page.route('**/api/audit/checkpoint', (route) => route.abort());
      await page.reload();
      await expect.poll(() => line(page).textContent()).toMatch(/entries, verified .*; not verified since$/);
      await page.unroute('**/api/audit/checkpoint');
      await page.evaluate(
        `localStorage.setItem('invigil.audit', JSON.stringify({ ...JSON.parse(localStorage.getItem('invigil.audit')), key: 'invigil-audit/0000000000000000+00000000+AAAA' }))`,
      );
      await page.reload();
      await page.getByRole('alert').getByRole('heading', { name: 'signed with a different key' }).waitFor();
      await shoot(page, 'audit-alarm-key');
      await page.evaluate(`localStorage.removeItem('invigil.audit')`);
      await page.reload();
      await expect.poll(() => line(page).textContent()).toMatch(/entries, verified/);
      const { size } = await kept(page);
      // An earlier one, as served by a log whose end was cut off.
      const earlier = await site.admin.get<{ size: number }>(`/api/audit/checkpoint?size=${size - 1}`);
      expect(earlier.size).toBeLessThan(size);
      await page.route('**/api/audit/checkpoint', (route) => route.fulfill({ json: earlier }));
      await page.reload();
      await page.getByRole('alert').getByRole('heading', { name: 'Entries are missing from the audit log' }).waitFor();
    } finally {
      await page.close();
    }
  },
);

test.runIf(hasBrowser)(
  `without a secure context the console states that it cannot verify the log${skipped}`,
  SLOW,
  async () => {
    // Chromium treats only names under localhost and loopback addresses as secure: this name leads to the same server.
    const other = await chromium.launch({
      executablePath: headlessPath!,
      headless: true,
      args: ['--no-sandbox', '--disable-gpu', '--host-resolver-rules=MAP exam.test 127.0.0.1'],
    });
    try {
      await finished();
      const page = await openConsole(other, `http://exam.test:${port}`);
      await expect
        .poll(() => line(page).textContent())
        .toMatch(/cannot be verified here\. Browsers allow this only for pages loaded over https or from localhost/);
    } finally {
      await other.close();
    }
  },
);
