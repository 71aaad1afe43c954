import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hasBrowser, launch } from '../support/browser.ts';
import { openAdmin, openConsole, shoot, watchPage } from '../support/pages.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { sit, type Sitting } from '../support/staffed-site.ts';
import { judge, release } from '../support/verdict-site.ts';

const SLOW = { timeout: 240_000 };
const skipped = hasBrowser ? '' : ' (skipped: no Chromium)';

let site: TestServer;
let browser: Browser;
let sitting: Sitting;
beforeAll(async () => {
  if (!hasBrowser) return;
  site = await startTestServer();
  browser = await launch();
  const exam = await site.admin.createExam({ weights: { TAB_SWITCH: 90 } }, { staffAccess: 'all', title: 'Algebra' });
  sitting = await sit(site, exam, await site.student('Ann Archer'));
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

const decide = (decision: string) =>
  site.admin.post(`/api/events/${sitting.event.id}/review`, { decision, reason: 'a notification' });
const headOf = async (page: Page) =>
  (
    await page
      .locator('.row', { has: page.getByRole('heading', { level: 1 }) })
      .last()
      .innerText()
  ).replace(/\s+/g, ' ');

test.runIf(hasBrowser)(
  `a level that a review has changed is named with the first one, alike in list, head, results and the student's record${skipped}`,
  SLOW,
  async () => {
    const { id } = sitting.session;
    const page = await openConsole(browser, site.url);
    const seen = watchPage(page, site.url);
    try {
      const open = async (path: string) => {
        await page.goto(`${site.url}/console#${path}`);
        await page.getByRole('heading', { level: 1 }).waitFor();
      };
      // Of a running session, on the page that is open when another person decides.
      await open(`/session/${id}`);
      await expect.poll(() => headOf(page)).toMatch(/High risk$/);
      await decide('dismissed');
      await expect.poll(() => headOf(page)).toMatch(/Low risk High risk before review$/);
      await decide('reopened');
      await expect.poll(() => headOf(page)).toMatch(/High risk$/);
      expect(await headOf(page)).not.toContain('before review');

      await sitting.student.post(`/api/sessions/${id}/end`);
      await decide('dismissed');
      for (const view of ['', '/review', '/report']) {
        await open(`/session/${id}${view}`);
        await expect.poll(() => headOf(page), { message: view }).toMatch(/Low risk High risk before review$/);
      }
      await open(`/session/${id}/review`);
      await shoot(page, 'level-after-review', { widths: [1280, 390] });
      await open('/sessions');
      await page.getByRole('cell', { name: 'Low risk High risk before review' }).waitFor();
      await page.getByLabel('Risk level before review').selectOption({ label: 'High' });
      await page.waitForURL(/level=High/);
      await page.getByRole('cell', { name: 'Low risk High risk before review' }).waitFor();
      await shoot(page, 'level-after-review-list', { widths: [1280, 390] });

      await release(site.admin, id, await judge(site.admin, id, 'no_concern'));
      const office = await openAdmin(browser, site.url);
      await office.goto(`${site.url}/admin#/exam/${sitting.exam.id}/results`);
      await office.getByRole('cell', { name: /^Low risk High risk before review/ }).waitFor();
      await office.close();
      expect(seen).toEqual({ foreign: [], errors: [] });
    } finally {
      await page.close();
    }
  },
);
