import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Exam } from '../../protocol/http/exams.ts';
import { hasBrowser, launch } from '../support/browser.ts';
import { openAdmin, openConsole } from '../support/pages.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const skipped = hasBrowser ? '' : ' (skipped: no Chromium)';

let site: TestServer;
let browser: Browser;
beforeAll(async () => {
  if (!hasBrowser) return;
  site = await startTestServer();
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

test.runIf(hasBrowser)(`the address that a page gets in the moment it is drawn is followed${skipped}`, async () => {
  const page = await browser.newPage();
  try {
    // Before any effect of the drawn page has run.
    await page.addInitScript(`new MutationObserver((_, watch) => {
        if (document.querySelector('h1')?.textContent !== 'Exams') return;
        watch.disconnect();
        location.hash = '#/sessions';
      }).observe(document, { childList: true, subtree: true })`);
    await page.goto(`${site.url}/console`);
    await page.getByLabel('Email').fill('admin@example.org');
    await page.getByLabel('Password').fill('a password for tests');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('heading', { name: 'Sessions' }).waitFor();
  } finally {
    await page.close();
  }
});

test.runIf(hasBrowser)(
  `the fields of a list stay the same elements while a field beside them becomes another one${skipped}`,
  async () => {
    const exam = await site.admin.post<Exam>('/api/exams', { title: 'Algebra' });
    const page = await openConsole(browser, site.url);
    try {
      await page.goto(`${site.url}/console#/sessions`);
      const review = page.getByRole('combobox', { name: 'Review', exact: true });
      await review.evaluate((field) => field.setAttribute('data-opened', ''));
      // The room becomes a choice among those of the exam.
      await page.getByRole('combobox', { name: 'Exam', exact: true }).selectOption(exam.id);
      await page.getByRole('combobox', { name: 'Room' }).waitFor();
      expect(await review.getAttribute('data-opened')).toBe('');
    } finally {
      await page.close();
    }
    const admin = await openAdmin(browser, site.url);
    try {
      await admin.goto(`${site.url}/admin#/audit?exam=${exam.id}`);
      const chosen = admin.locator('.audit-filters > *').nth(1);
      await chosen.getByRole('button').waitFor();
      await chosen.evaluate((field) => field.setAttribute('data-opened', ''));
      await admin.evaluate(`location.hash += '&person=${site.admin.tokens!.user.id}'`);
      await admin.locator('.audit-filters > *').first().getByRole('button').waitFor();
      expect(await chosen.getAttribute('data-opened')).toBe('');
    } finally {
      await admin.close();
    }
  },
);
