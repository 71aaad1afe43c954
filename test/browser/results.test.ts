import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Exam } from '../../protocol/http/exams.ts';
import { RESULT_TABLE } from '../../server/results/result-columns.ts';
import type { Api } from '../support/api.ts';
import { hasBrowser, launch } from '../support/browser.ts';
import { openAdmin, openConsole, shoot, watchPage } from '../support/pages.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { assign, newPerson, sit, type Sitting } from '../support/staffed-site.ts';
import { isWell } from '../support/well.ts';
import { readSheet } from '../support/xlsx.ts';

let site: TestServer;
let browser: Browser;
let exam: Exam;
let ended: Sitting;
let reviewer: Api;
beforeAll(async () => {
  if (!hasBrowser) return;
  site = await startTestServer();
  browser = await launch();
  exam = await site.admin.post<Exam>('/api/exams', {
    title: 'Algebra: part 1/2',
    status: 'active',
    staffAccess: 'assigned',
    timeZone: 'Europe/Lisbon',
  });
  ended = await sit(site, exam, await site.student('José García'), 'A');
  await ended.student.post('/api/proctoring/event', { sessionId: ended.session.id, type: 'PHONE_FOUND' });
  await ended.student.post(`/api/sessions/${ended.session.id}/end`, {});
  await site.admin.post(`/api/events/${ended.event.id}/review`, { decision: 'dismissed', reason: 'a notification' });
  await site.admin.post(`/api/sessions/${ended.session.id}/verdict`, {
    verdict: 'no_concern',
    reason: 'a notification of the system',
  });
  await site.admin.request('PATCH', `/api/users/${ended.student.userId}`, {
    email: 'jose-maria.garcia-marquez-de-la-fuente@students.faculty-of-mathematics.example.org',
    studentNumber: '2026-004217-MATH',
  });
  const path = `/api/exams/${exam.id}/students`;
  const ann = await site.student('Ann Archer');
  await site.admin.request('PUT', `${path}/${ann.userId}`, { room: 'B', seat: '12', extraMinutes: 30 });
  await ann.startSession(exam.id);
  reviewer = await newPerson(site, 'reviewer');
  await assign(site, exam.id, reviewer);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

const SLOW = { timeout: 240_000 };
const skipped = hasBrowser ? '' : ' (skipped: no Chromium)';

async function download(page: Page, name: string): Promise<{ name: string; bytes: Buffer }> {
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()]);
  return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
}

test.runIf(hasBrowser)(
  `results of an exam are shown with decisions and downloaded as CSV and XLSX from its page${skipped}`,
  SLOW,
  async () => {
    const page = await openAdmin(browser, site.url);
    const seen = watchPage(page, site.url);
    try {
      await page.goto(`${site.url}/admin#/exam/${exam.id}`);
      await page.getByRole('link', { name: 'Results', exact: true }).click();
      const jose = page.getByRole('row').filter({ hasText: 'José García' });
      await jose.getByText(/^\d+ before review/).waitFor();
      await jose.getByText("Reported by the student's browser: “Phone found”: 1").waitFor();
      const ann = page.getByRole('row').filter({ hasText: 'Ann Archer' });
      await ann.getByText('30 extra minutes').waitFor();
      await ann.getByText('seat 12').waitFor();
      await isWell(page, 'admin-results');
      const table = page.locator('.scroll:has(.results)');
      for (const width of [1280, 1366, 1920]) {
        await page.setViewportSize({ width, height: 800 });
        expect(await table.evaluate((region) => region.scrollWidth - region.clientWidth), `${width} px`).toBe(0);
      }
      await shoot(page, 'admin-results-wide', { widths: [1920] });
      await page.setViewportSize({ width: 1280, height: 800 });

      const xlsx = await download(page, 'Results as XLSX');
      expect(xlsx.name).toBe('Results Algebra part 1 2.xlsx');
      const { rows } = await readSheet(xlsx.bytes);
      expect(rows[0]).toEqual(RESULT_TABLE.header);
      expect(rows.slice(1).map(([student]) => student)).toEqual(['José García', 'Ann Archer']);
      const csv = await download(page, 'Results as CSV');
      expect(csv.name).toBe('Results Algebra part 1 2.csv');
      expect(csv.bytes.toString().split('\r\n')).toHaveLength(4);

      // From the row to the review in one click.
      await jose.getByRole('link', { name: 'José García' }).click();
      await page.getByRole('heading', { name: 'José García' }).waitFor();
      await expect.poll(() => page.url()).toContain(`#/session/${ended.session.id}/review`);
      expect(seen).toEqual({ foreign: [], errors: [] });
    } finally {
      await page.close();
    }
  },
);

test.runIf(hasBrowser)(
  `a reviewer, who has no administration area, downloads results from the sessions of an assigned exam${skipped}`,
  SLOW,
  async () => {
    const page = await openConsole(browser, site.url, reviewer.tokens!.user.email, 'violet harbour 93');
    try {
      await page.getByRole('link', { name: 'Sessions', exact: true }).click();
      await page.getByRole('row').filter({ hasText: 'Ann Archer' }).waitFor();
      await expect.poll(() => page.getByRole('button', { name: 'Results as XLSX' }).count()).toBe(0);
      await page.getByRole('combobox', { name: 'Exam', exact: true }).selectOption(exam.id);
      const { bytes } = await download(page, 'Results as XLSX');
      expect((await readSheet(bytes)).rows).toHaveLength(3);
      await isWell(page, 'console-sessions-of-exam');
    } finally {
      await page.close();
    }
  },
);
