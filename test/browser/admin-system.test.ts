import { writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { System } from '../../protocol/http/system.ts';
import { hasBrowser, launch } from '../support/browser.ts';
import { openAdmin, watchPage } from '../support/pages.ts';
import { startTestServer } from '../support/server.ts';
import { newPerson } from '../support/staffed-site.ts';
import { isWell } from '../support/well.ts';

const skipped = hasBrowser ? '' : ' (skipped: no Chromium)';
const SECRET = 'a secret that signs tokens, of some length: 93';
const HOUR_MS = 3_600_000;

test.runIf(hasBrowser)(
  `the system page tells health, storage, settings without secrets, and expected students against the measured capacity${skipped}`,
  { timeout: 240_000 },
  async () => {
    await using site = await startTestServer({ env: { JWT_SECRET: SECRET } });
    const exam = await site.admin.createExam(
      {},
      {
        title: 'Tonight',
        status: 'scheduled',
        openTo: 'enrolled',
        startsAt: new Date(Date.now() + HOUR_MS).toISOString(),
        endsAt: new Date(Date.now() + 3 * HOUR_MS).toISOString(),
      },
    );
    for (let i = 0; i < 3; i++) {
      const student = await newPerson(site, 'student');
      await site.admin.request('PUT', `/api/exams/${exam.id}/students/${student.userId}`, {});
    }
    expect(JSON.stringify(await site.admin.get<System>('/api/system'))).not.toContain(SECRET);
    const browser = await launch();
    try {
      const page = await openAdmin(browser, site.url);
      const seen = watchPage(page, site.url);
      await page.getByRole('link', { name: 'System', exact: true }).first().click();
      const part = (name: string) => page.getByRole('listitem').filter({ hasText: name }).first();
      await part('Database').getByText('Works.').waitFor();
      await part('Frame analysis').getByText('Set VISION=on').waitFor();
      await part('Mail').getByText('set SMTP_URL and SMTP_FROM').waitFor();

      await page.getByText('What this machine can carry has not been measured.').waitFor();
      await page
        .getByRole('region', { name: 'Exams of the next 24 hours' })
        .getByRole('link', { name: 'Tonight' })
        .waitFor();
      const hours = page.getByRole('region', { name: 'Students by hour' }).getByRole('row');
      await expect.poll(() => hours.nth(1).getByRole('cell').first().textContent()).toBe('3');

      const setting = page.getByRole('row').filter({ hasText: 'JWT_SECRET' });
      await setting.getByText('set, not shown').waitFor();
      await expect.poll(() => page.getByRole('row').filter({ hasText: 'LOGIN_DAYS' }).count()).toBe(0);
      await page.getByLabel('Show defaults, too').check();
      await page.getByRole('row').filter({ hasText: 'BACKLOG_MB' }).getByText('128').waitFor();
      expect(await page.content()).not.toContain(SECRET);
      await isWell(page, 'admin-system');

      // As the benchmark writes it on this machine.
      const report = (perCore: number) => ({
        name: 'capacity',
        at: new Date().toISOString(),
        machine: { cpu: cpus()[0]?.model ?? 'unknown', cores: availableParallelism() },
        figures: [{ name: 'default policy: students of one core, without reserve', value: perCore, unit: 'students' }],
      });
      const file = join(site.database.dataDir, 'capacity.json');
      await writeFile(file, JSON.stringify(report(200)));
      await page.getByText('The peak of the next 24 hours fits.').waitFor();
      await page.getByText(`can carry about ${100 * availableParallelism()} students`).waitFor();
      await writeFile(file, JSON.stringify(report(2 / availableParallelism())));
      await page.getByText('3 students are expected at once, more than the 1 that were measured.').waitFor();
      await isWell(page, 'admin-system-crowded');

      // Measured in the background, soon after the start.
      await expect
        .poll(() => page.getByRole('row').filter({ hasText: 'Checkpoints of the audit log' }).textContent())
        .not.toContain('unknownunknown');
      await page.getByText(/of .* free, how long it lasts is not known yet/).waitFor();
      await isWell(page, 'admin-system-measured');
      expect(seen).toEqual({ foreign: [], errors: [] });
    } finally {
      await browser.close();
    }
  },
);

test.runIf(hasBrowser)(
  `the system page is for administrators: an exam manager has no link to it, and its address shows nothing${skipped}`,
  { timeout: 240_000 },
  async () => {
    await using site = await startTestServer();
    await site.admin.post('/api/users', {
      email: 'manager@example.org',
      password: 'violet harbour 93',
      name: 'Manager',
      role: 'manager',
    });
    const browser = await launch();
    try {
      const page = await openAdmin(browser, site.url, 'manager@example.org', 'violet harbour 93');
      await expect.poll(() => page.getByRole('link', { name: 'System', exact: true }).count()).toBe(0);
      await page.goto(`${site.url}/admin#/system`);
      await page.getByText('This page is for administrators.').waitFor();
    } finally {
      await browser.close();
    }
  },
);
