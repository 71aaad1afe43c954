import { readFile } from 'node:fs/promises';
import { sql } from 'kysely';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { uuidv7 } from 'uuidv7';
import { appendAudits, type NewAuditEntry } from '../../db/audit/append.ts';
import { SECURITY_ID } from '../../protocol/http/audit.ts';
import type { AuditCheckpoint } from '../../protocol/http/audit-proofs.ts';
import type { Api } from '../support/api.ts';
import { openWith } from '../support/audit-log.ts';
import { hasBrowser, launch } from '../support/browser.ts';
import { HeldStatements, VERIFICATION_PAGES } from '../support/held-statements.ts';
import { openAdmin, watchPage } from '../support/pages.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';
import { assign, newPerson, sit, type Sitting } from '../support/staffed-site.ts';
import { isWell } from '../support/well.ts';

const SLOW = { timeout: 240_000 };
const skipped = hasBrowser ? '' : ' (skipped: no Chromium)';

let browser: Browser;
beforeAll(async () => {
  if (hasBrowser) browser = await launch();
});
afterAll(() => browser?.close());

let held: HeldStatements;
let site: TestServer;
let proctor: Api;
let sitting: Sitting;
let page: Page;
beforeEach(async () => {
  if (!hasBrowser) return;
  held = new HeldStatements(VERIFICATION_PAGES);
  site = await startTestServer({ overrides: { db: held.wrap } });
  await settle();
  page = await openAdmin(browser, site.url);
});
afterEach(async () => {
  held?.release();
  await page?.close();
  await site?.close();
});

/** An exam with one session that a proctor has watched, opened a picture of, and judged. */
async function settle(): Promise<void> {
  const exam = await site.admin.createExam({}, { title: 'Statistics II', staffAccess: 'assigned' });
  sitting = await sit(site, exam, await newPerson(site, 'student'));
  proctor = await newPerson(site, 'proctor');
  await assign(site, exam.id, proctor);
  await sitting.student.post(`/api/sessions/${sitting.session.id}/end`);
  const watched = { kind: 'camera_watched', target: sitting.session.id, count: 1 };
  const picture = { evidenceId: uuidv7(), eventId: sitting.event.id, kind: 'strongest' };
  const by = { actor: proctor.userId, at: new Date() };
  await append([
    { ...by, type: 'SECURITY', entityId: SECURITY_ID, payload: watched },
    { ...by, type: 'EVIDENCE_VIEWED', entityId: sitting.session.id, payload: picture },
  ]);
  await proctor.post(`/api/sessions/${sitting.session.id}/verdict`, {
    verdict: 'no_concern',
    reason: 'Nothing to see',
  });
}

const append = (entries: readonly NewAuditEntry[]) => held.db.transaction().execute((tx) => appendAudits(tx, entries));
const nameOf = (api: Api) => api.tokens!.user.name;
const row = (text: string) => page.getByRole('row').filter({ hasText: text });
const rows = () => page.getByRole('region', { name: 'Entries' }).locator('tbody tr').count();

test.runIf(hasBrowser)(
  `the audit log is searched by view, person, exam, session and day, at addresses that can be bookmarked${skipped}`,
  SLOW,
  async () => {
    const seen = watchPage(page, site.url);
    await page.getByRole('link', { name: 'Audit log', exact: true }).first().click();
    await row('Verdict given: no concern').waitFor();
    await row('Exam created').first().waitFor();
    await row(`Proctor or reviewer assigned: ${nameOf(proctor)}`).waitFor();
    await page.setViewportSize({ width: 390, height: 800 });
    expect((await row('Verdict given: no concern').locator('summary').boundingBox())!.x).toBeLessThan(390);
    await page.setViewportSize({ width: 1280, height: 800 });
    await isWell(page, 'admin-audit');

    await page.getByRole('link', { name: 'Watching', exact: true }).click();
    const watching = row('Started watching a live camera');
    await watching.waitFor();
    await expect.poll(() => watching.textContent()).toContain(`${nameOf(sitting.student)} · Statistics II`);
    await page.reload();
    await watching.waitFor();
    await expect.poll(rows).toBe(1);
    expect(page.url()).toContain('#/audit?kind=watching');

    await page.getByRole('link', { name: 'Image views', exact: true }).click();
    await page.locator('summary').filter({ hasText: 'Image of an incident opened' }).click();
    const details = row('Image of an incident opened').locator('dl');
    await details.getByText('at the strongest moment').waitFor();
    await details.getByRole('link', { name: 'Statistics II' }).waitFor();
    expect(
      await row('Image of an incident opened')
        .getByRole('link', { name: nameOf(proctor), exact: true })
        .getAttribute('href'),
    ).toBe(`#/person/${proctor.userId}`);
    await isWell(page, 'admin-audit-details');

    // About the session: all that happened in it, and nothing else.
    await page.getByRole('link', { name: `Only these: ${nameOf(sitting.student)} · Statistics II` }).click();
    await row('Session started').waitFor();
    await expect.poll(() => page.url()).toContain(`session=${sitting.session.id}`);
    await row('Exam created').waitFor({ state: 'detached' });
    await page.getByLabel('Kind').selectOption('EVENTS_STORED');
    await row('Events stored').waitFor();
    await expect.poll(rows).toBe(1);

    await page.getByRole('link', { name: 'Clear filters' }).click();
    await page.getByLabel('Person', { exact: true }).fill(nameOf(proctor));
    await page.getByRole('button', { name: `Show entries about ${nameOf(proctor)}`, exact: true }).click();
    await row('Proctor or reviewer assigned').waitFor();
    await row('Exam created').waitFor({ state: 'detached' });
    await page.getByLabel('Exam', { exact: true }).fill('statist');
    await page.getByRole('button', { name: 'Show entries about Statistics II' }).click();
    await page.getByRole('button', { name: 'Remove the filter: Exam: Statistics II' }).waitFor();
    await row('Logged in').waitFor({ state: 'detached' });
    await row('Proctor or reviewer assigned').waitFor();
    await isWell(page, 'admin-audit-filtered');

    await page.getByLabel('From', { exact: true }).fill('2020-01-01');
    await page.getByLabel('Until', { exact: true }).fill('2020-01-31');
    await page.getByText('No matching entries.').waitFor();
    expect(seen).toEqual({ foreign: [], errors: [] });
  },
);

test.runIf(hasBrowser)(`a long log is shown page by page, without repetitions${skipped}`, SLOW, async () => {
  const at = new Date();
  await append(
    Array.from({ length: 120 }, (_, n) => ({
      type: 'COMMAND_GIVEN',
      entityId: sitting.session.id,
      actor: proctor.userId,
      at,
      payload: { do: 'extend', minutes: n },
    })),
  );
  await page.goto(`${site.url}/admin#/audit?kind=commands`);
  await expect.poll(rows).toBe(50);
  await page.getByRole('button', { name: 'Show more' }).click();
  await expect.poll(rows).toBe(100);
  await page.getByRole('button', { name: 'Show more' }).click();
  await expect.poll(rows).toBe(120);
  await page.getByRole('button', { name: 'Show more' }).waitFor({ state: 'detached' });
});

test.runIf(hasBrowser)(
  `the log is verified by one button with progress, cancelled, and a changed entry is named; a checkpoint is saved${skipped}`,
  SLOW,
  async () => {
    await waitFor('a checkpoint', async () => (await site.admin.send('GET', '/api/audit/checkpoint')).status === 200);
    await page.goto(`${site.url}/admin#/audit`);
    await page.getByRole('link', { name: 'Verification', exact: true }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save checkpoint' }).click(),
    ]);
    const checkpoint = await site.admin.get<AuditCheckpoint>('/api/audit/checkpoint');
    const saved = await readFile(await download.path(), 'utf8');
    expect((await openWith(checkpoint.key, saved.slice(0, -1))).size).toBeGreaterThan(0);

    await page.getByText('Not verified since the server was started.').waitFor();
    held.hold();
    await page.getByRole('button', { name: 'Verify the log' }).click();
    await page.getByText(/Checking entries: 0 of \d+/).waitFor();
    await page.getByRole('progressbar', { name: 'Progress' }).waitFor();
    await isWell(page, 'admin-audit-verifying');
    // Another administrator sees the same run and can end it.
    const other = await newPerson(site, 'admin');
    await other.post('/api/audit/verification');
    await page.getByText(/Running since .*, started by Admin/).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText(/^Cancelled /).waitFor();
    held.release();

    await page.getByRole('button', { name: 'Verify the log' }).click();
    await page.getByText(/\d+ entries verified: the log is whole\./).waitFor();
    await isWell(page, 'admin-audit-verified');

    await sql`ALTER TABLE audit_entries DISABLE TRIGGER USER`.execute(held.db);
    await sql`UPDATE audit_entries SET actor = ${sitting.student.userId}::uuid WHERE event_type = 'VERDICT_GIVEN'`.execute(
      held.db,
    );
    await page.getByRole('button', { name: 'Verify again' }).click();
    await page.getByText(/The log is broken after \d+ valid entr/).waitFor();
    await page.getByText('An entry was changed.').waitFor();
    await isWell(page, 'admin-audit-broken');
  },
);

test.runIf(hasBrowser)(
  `an exam manager searches the log of their exams and people, without security entries${skipped}`,
  SLOW,
  async () => {
    await site.admin.post('/api/users', {
      email: 'manager@example.org',
      password: 'violet harbour 93',
      name: 'Manager',
      role: 'manager',
    });
    const managed = await openAdmin(browser, site.url, 'manager@example.org', 'violet harbour 93');
    try {
      await managed.goto(`${site.url}/admin#/audit`);
      await managed.getByText('Choose a person, an exam or a session.').waitFor();
      await isWell(managed, 'admin-audit-manager');
      await managed.goto(`${site.url}/admin#/audit?exam=${sitting.exam.id}`);
      await managed.getByText('Verdict given: no concern').waitFor();
      await expect.poll(() => managed.getByText('Started watching a live camera').count()).toBe(0);
      await expect.poll(() => managed.getByRole('button', { name: 'Verify the log' }).count()).toBe(0);
    } finally {
      await managed.close();
    }
  },
);
