import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { User } from '../../protocol/http/accounts.ts';
import type { PendingLink } from '../../protocol/http/passwords.ts';
import { hasBrowser, launch } from '../support/browser.ts';
import { openAdmin, watchPage } from '../support/pages.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { isWell } from '../support/well.ts';

let site: TestServer;
let browser: Browser;
beforeAll(async () => {
  if (!hasBrowser) return;
  site = await startTestServer();
  browser = await launch();
  for (let n = 1; n <= 60; n++)
    await site.admin.post('/api/users', { email: `s${n}@example.org`, name: `Student ${n}`, role: 'student' });
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

const SLOW = { timeout: 240_000 };
const skipped = hasBrowser ? '' : ' (skipped: no Chromium)';

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true });
const people = async (query: string) =>
  (await site.admin.get<{ items: User[] }>(`/api/users?limit=200&${query}`)).items;

test.runIf(hasBrowser)(
  `all people of a search are selected at once and invited with links that are shown once and saved as CSV${skipped}`,
  SLOW,
  async () => {
    const page = await openAdmin(browser, site.url);
    const seen = watchPage(page, site.url);
    try {
      await page.goto(`${site.url}/admin#/people?role=student`);
      await page.getByLabel('Select all shown').check();
      await page.getByText('50 people selected').waitFor();
      await button(page, 'Select all that match').click();
      await page.getByText('60 people selected').waitFor();
      await isWell(page, 'admin-people-selected');
      // One fewer, by keyboard.
      await page.getByLabel('Select Student 60', { exact: true }).focus();
      await page.keyboard.press('Space');
      await page.getByText('59 people selected').waitFor();
      await button(page, 'Invite 59 people without a password').click();
      await button(page, 'Make invitation links').click();
      await page.getByText('59 links are made.').waitFor();
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        button(page, 'Download the links as CSV').click(),
      ]);
      const lines = (await readFile(await file.path(), 'utf8')).trim().split('\r\n');
      expect(lines).toHaveLength(60);
      const { items } = await site.admin.get<{ items: PendingLink[] }>('/api/users/links?limit=200&kind=invitation');
      expect(items).toHaveLength(59);
      await isWell(page, 'admin-people-invited');
      // A new search starts without a selection.
      await page.getByLabel('Search by name, address or number').fill('Student 7');
      await page.getByText('59 people selected').waitFor({ state: 'detached' });
      expect(seen).toEqual({ foreign: [], errors: [] });
    } finally {
      await page.close();
    }
  },
);

test.runIf(hasBrowser)(
  `selected people are disabled, enabled and, after a typed confirmation, anonymised; the own account is left out${skipped}`,
  SLOW,
  async () => {
    const page = await openAdmin(browser, site.url);
    const seen = watchPage(page, site.url);
    try {
      await page.goto(`${site.url}/admin#/people?q=student%201`);
      await expect.poll(() => page.getByRole('row').count()).toBe(16);
      await page.getByLabel('Select all shown').check();
      const dialog = page.getByRole('dialog');
      await button(page, 'Disable').click();
      await dialog.getByRole('heading', { name: 'Disable 15 accounts?' }).waitFor();
      await dialog.getByRole('button', { name: 'Disable' }).click();
      await dialog.getByText('15 accounts are disabled.').waitFor();
      await isWell(page, 'admin-people-disabled');
      await dialog.getByRole('button', { name: 'Close' }).click();
      await page.getByRole('cell', { name: 'Disabled', exact: true }).first().waitFor();
      expect((await people('disabled=true')).map(({ name }) => name)).toHaveLength(15);

      await page.getByLabel('Select Student 1', { exact: true }).check();
      await page.getByLabel('Select Student 10', { exact: true }).check();
      await button(page, 'Enable').click();
      await dialog.getByRole('button', { name: 'Enable' }).click();
      await dialog.getByText('2 accounts are enabled.').waitFor();
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      expect(await people('disabled=true')).toHaveLength(13);

      await page.getByLabel('Select Student 1', { exact: true }).check();
      await page.getByLabel('Select Student 10', { exact: true }).check();
      await button(page, 'Anonymise').click();
      const confirm = dialog.getByRole('button', { name: 'Anonymise' });
      await expect.poll(() => confirm.isDisabled()).toBe(true);
      await dialog.getByLabel(/^To confirm/).fill('anonymise 3 people');
      await expect.poll(() => confirm.isDisabled()).toBe(true);
      await dialog.getByLabel(/^To confirm/).fill('anonymise 2 people');
      await isWell(page, 'admin-people-anonymise');
      await page.keyboard.press('Enter');
      await dialog.getByText('2 accounts are anonymised.').waitFor();
      await dialog.getByRole('button', { name: 'Close' }).click();
      await expect.poll(() => page.getByLabel('Select Student 10', { exact: true }).count()).toBe(0);
      expect((await people('role=student')).filter(({ anonymisedAt }) => anonymisedAt !== null)).toHaveLength(2);
      expect(await people('q=s10%40example.org')).toEqual([]);

      // Everybody but the admin who acts.
      await page.goto(`${site.url}/admin#/people?role=admin`);
      await page.getByLabel('Select Admin', { exact: true }).check();
      await button(page, 'Disable').click();
      await dialog.getByText('Your own account is left out.').waitFor();
      await expect.poll(() => dialog.getByRole('button', { name: 'Disable' }).isDisabled()).toBe(true);
      await page.keyboard.press('Escape');

      // One account, from its page.
      const [student] = await people('q=student%2022');
      await page.goto(`${site.url}/admin#/person/${student!.id}`);
      await button(page, 'Anonymise account').click();
      await dialog.getByLabel('To confirm, type: anonymise 1 person').fill('anonymise 1 person');
      await dialog.getByRole('button', { name: 'Anonymise' }).click();
      await dialog.getByText('1 account is anonymised.').waitFor();
      await dialog.getByRole('button', { name: 'Close' }).click();
      await page.getByText('Anonymised', { exact: true }).waitFor();
      expect(await people('q=student%2022')).toEqual([]);
      expect(seen).toEqual({ foreign: [], errors: [] });
    } finally {
      await page.close();
    }
  },
);
