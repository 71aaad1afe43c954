import { expect, test } from 'vitest';
import type { User } from '../../protocol/http/accounts.ts';
import { hasBrowser, launch } from '../support/browser.ts';
import { openAdmin, watchPage } from '../support/pages.ts';
import { startTestServer } from '../support/server.ts';
import { isWell } from '../support/well.ts';

const skipped = hasBrowser ? '' : ' (skipped: no Chromium)';

test.runIf(hasBrowser)(
  `a person is created, invited by a link shown once, edited, found and disabled from pages${skipped}`,
  { timeout: 240_000 },
  async () => {
    await using site = await startTestServer();
    const browser = await launch();
    try {
      const page = await openAdmin(browser, site.url);
      const seen = watchPage(page, site.url);
      await page.getByRole('link', { name: 'People', exact: true }).click();
      await page.getByRole('link', { name: 'New person' }).click();
      await page.getByLabel('Name').fill('José García');
      await page.getByLabel('Email').fill('jose@example.org');
      await page.getByLabel('Student number').fill('S-17');
      await isWell(page, 'admin-new-person');
      await page.getByRole('button', { name: 'Create account' }).click();
      await page.getByText('No password yet', { exact: true }).waitFor();
      const id = page.url().slice(-36);
      expect(await site.admin.get<User>(`/api/users/${id}`)).toMatchObject({
        name: 'José García',
        email: 'jose@example.org',
        role: 'student',
        studentNumber: 'S-17',
        passwordSet: false,
      });

      await page.getByRole('button', { name: 'Make a link', exact: true }).click();
      const link = await page.getByLabel('Link', { exact: true }).inputValue();
      await isWell(page, 'admin-person');
      await page.reload();
      await page.getByRole('heading', { name: 'José García' }).waitFor();
      await page.getByLabel('Link', { exact: true }).waitFor({ state: 'detached' });
      const invited = await browser.newPage();
      await invited.goto(link);
      await invited.getByRole('heading', { name: 'Welcome, José García' }).waitFor();
      await invited.getByText('with your address: jose@example.org').waitFor();
      await isWell(invited, 'invitation');
      await invited.getByLabel('New password').fill('violet harbour 93');
      await invited.getByRole('button', { name: 'Set password' }).click();
      await invited.getByRole('heading', { name: 'Password set' }).waitFor();
      expect(await invited.getByRole('link', { name: 'To your exams' }).getAttribute('href')).toBe('/exam');
      await invited.close();
      await site.api().login('jose@example.org', 'violet harbour 93');

      await page.getByLabel('Name').fill('José M. García');
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.getByText('Saved.').waitFor();
      // Arrow keys choose, in a fixed order; only the button saves.
      const roles = page.getByRole('combobox', { name: 'Role', exact: true });
      await roles.focus();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      await page.getByText('Not saved yet.').waitFor();
      await expect.poll(() => roles.inputValue()).toBe('reviewer');
      await page.keyboard.press('ArrowUp');
      await expect.poll(() => roles.inputValue()).toBe('proctor');
      expect((await site.admin.get<User>(`/api/users/${id}`)).role).toBe('student');
      await page.getByRole('button', { name: 'Save role and access' }).click();
      await page.getByText('Saved. The role is Proctor.').waitFor();
      expect((await site.admin.get<User>(`/api/users/${id}`)).role).toBe('proctor');
      await expect
        .poll(() => roles.locator('option').allTextContents())
        .toEqual(['Student', 'Proctor', 'Reviewer', 'Exam manager', 'Administrator']);
      await page.getByRole('button', { name: 'Disable account' }).click();
      await page.getByRole('button', { name: 'Enable account' }).waitFor();
      expect(await site.admin.get<User>(`/api/users/${id}`)).toMatchObject({
        name: 'José M. García',
        disabledAt: expect.any(String),
      });

      await page.getByRole('link', { name: 'People', exact: true }).first().click();
      await page.getByLabel('Search by name, address or number').fill('garcia');
      await expect.poll(() => page.getByRole('row').count()).toBe(2);
      await page.getByRole('row').filter({ hasText: 'Disabled' }).waitFor();
      await isWell(page, 'admin-people');
      await expect.poll(() => page.url()).toContain('#/people?q=garcia');
      expect(seen).toEqual({ foreign: [], errors: [] });
    } finally {
      await browser.close();
    }
  },
);
