import { expect, test } from 'vitest';
import type { AccommodationProfile, PolicyProfile } from '../../protocol/http/profiles.ts';
import { hasBrowser, launch } from '../support/browser.ts';
import { openAdmin, shoot, watchPage } from '../support/pages.ts';
import { startTestServer } from '../support/server.ts';
import { isWell } from '../support/well.ts';

const skipped = hasBrowser ? '' : ' (skipped: no Chromium)';

test.runIf(hasBrowser)(
  `a policy profile is created and edited with each setting explained; versions show their differences in words${skipped}`,
  { timeout: 240_000 },
  async () => {
    await using site = await startTestServer();
    const browser = await launch();
    try {
      const page = await openAdmin(browser, site.url);
      const seen = watchPage(page, site.url);
      await page.getByRole('link', { name: 'Profiles', exact: true }).click();
      await page.getByText('No policy profiles yet.').waitFor();
      await page.getByRole('link', { name: 'New profile' }).click();
      await page.getByLabel('Name', { exact: true }).fill('Strict');
      const absence = page.getByLabel('Nobody in the picture, seconds');
      await expect.poll(() => absence.inputValue()).toBe('3');
      expect(
        await absence.getAttribute('aria-describedby').then((id) => page.locator(`[id="${id}"]`).textContent()),
      ).toBe(
        'Time without a face before an incident opens. Longer: short absences are not reported. Default: 3. From 0 to 3,600.',
      );
      await absence.fill('2');
      await page.getByLabel('Find a setting').fill('analyse GAZE');
      await page.getByText('Settings found: 1').waitFor();
      await page.getByLabel('Analyse gaze').uncheck();
      await page.getByLabel('Find a setting').fill('');
      const save = page.getByRole('button', { name: 'Create profile' });
      await page.evaluate('scrollTo(0, 0)');
      expect((await save.boundingBox())!.y).toBeLessThan(page.viewportSize()!.height);
      await page.getByLabel('Incident images kept, days').fill('400');
      await isWell(page, 'admin-profile-new');
      await page.getByRole('button', { name: 'Create profile' }).click();
      await page.getByText('Incident images cannot be kept longer than their session.').waitFor();
      await page.getByLabel('Incident images kept, days').fill('30');
      await page.getByRole('button', { name: 'Create profile' }).click();
      await page.getByRole('heading', { name: 'Strict' }).waitFor();
      const id = page.url().split('/').at(-1)!;
      const stored = () => site.admin.get<PolicyProfile>(`/api/policy-profiles/${id}`);
      expect(await stored()).toMatchObject({
        name: 'Strict',
        version: 1,
        policy: { holds: { noFace: 2, lookingAway: 3 }, gaze: { enabled: false }, evidence: { retentionDays: 30 } },
      });
      await isWell(page, 'admin-profile-settings');
      // What is as by default is folded: the page stays short on a phone, also while something is written.
      const height = () => page.evaluate<number>('document.documentElement.scrollHeight');
      const { width, height: tall } = page.viewportSize()!;
      await page.setViewportSize({ width: 360, height: 800 });
      await page
        .locator('summary')
        .filter({ hasText: /Score: \d+ settings, all as by default/ })
        .waitFor();
      expect(await height()).toBeLessThan(9000);
      await shoot(page, 'admin-profile-settings-360', { widths: [1280, 360] });
      await page.getByRole('link', { name: 'Edit', exact: true }).click();
      await page.getByRole('button', { name: 'Save as version 2' }).waitFor();
      await page.evaluate('for (const each of document.querySelectorAll("details")) each.open = true');
      await expect.poll(() => page.locator('details[open]').count()).toBe(1);
      await shoot(page, 'admin-profile-edit-360', { widths: [1280, 360] });
      await page.setViewportSize({ width, height: tall });
      await page.getByRole('link', { name: 'Settings', exact: true }).click();

      await page.getByRole('link', { name: 'Edit', exact: true }).click();
      await page.locator('summary').filter({ hasText: 'Score' }).click();
      // Acts of staff never weigh.
      await expect.poll(() => page.getByLabel(/^Paused.*points/).count()).toBe(0);
      await page.getByLabel('Looking away, points').fill('7');
      await page.getByLabel('Looking away, seconds').fill('5');
      await page.getByLabel('Record shown to students').selectOption('none');
      await page.getByRole('button', { name: 'Save as version 2' }).press('Enter');
      await page.getByText('Version 2', { exact: true }).waitFor();
      expect(await stored()).toMatchObject({
        version: 2,
        policy: { holds: { lookingAway: 5 }, weights: { LOOKING_AWAY: 7 }, studentView: 'none' },
      });

      await page.getByRole('link', { name: 'Versions', exact: true }).click();
      const differences = page.getByRole('region', { name: 'Differences between version 1 and version 2' });
      await differences.waitFor();
      await expect
        .poll(() => differences.getByRole('row').allInnerTexts())
        .toEqual([
          'Setting\tVersion 1\tVersion 2',
          'Looking away, seconds\t3\t5',
          'Looking away, points\t2\t7',
          'Record shown to students\tevents\tnothing',
        ]);
      await isWell(page, 'admin-profile-versions');

      await page.getByRole('link', { name: 'Settings', exact: true }).click();
      await page.getByRole('link', { name: 'Copy', exact: true }).click();
      await expect.poll(() => page.getByLabel('Name', { exact: true }).inputValue()).toBe('Strict (copy)');
      await expect.poll(() => page.getByLabel('Looking away, seconds').inputValue()).toBe('5');
      await page.getByRole('link', { name: 'Cancel' }).click();
      await page.getByRole('row').filter({ hasText: '6 settings differ from their defaults' }).waitFor();
      await isWell(page, 'admin-profiles');
      expect(seen).toEqual({ foreign: [], errors: [] });
    } finally {
      await browser.close();
    }
  },
);

test.runIf(hasBrowser)(
  `of two people who edit one profile, the second sees the other's changes, keeps the typed values and decides${skipped}`,
  { timeout: 240_000 },
  async () => {
    await using site = await startTestServer();
    const browser = await launch();
    try {
      const profile = await site.admin.post<AccommodationProfile>('/api/accommodation-profiles', {
        name: 'Reader',
        terms: { extraPercent: 25 },
      });
      const path = `/api/accommodation-profiles/${profile.id}`;
      const stored = () => site.admin.get<AccommodationProfile>(path);
      const page = await openAdmin(browser, site.url);
      await page.goto(`${site.url}/admin#/profile/accommodation/${profile.id}/edit`);
      await page.getByLabel('Extra time, minutes').fill('10');
      await page.getByRole('button', { name: 'Save as version 2' }).click();
      await page.getByText('Give the extra time in minutes or in per cent, not both.').waitFor();
      await page.getByLabel('Extra time, minutes').fill('0');
      await page.getByLabel('Note for proctors').fill('May read aloud.');
      await page.getByLabel('No face detected, seconds').fill('20');
      await page.getByLabel('Analyse gaze').uncheck();
      await isWell(page, 'admin-profile-accommodation');

      const other = { extraPercent: 50, breakMinutes: 15 };
      await site.admin.request('PATCH', path, { terms: other, name: 'Reader aloud', baseVersion: 1 });
      await page.getByRole('button', { name: 'Save as version 2' }).click();
      await page.getByRole('heading', { name: 'Somebody else saved version 2' }).waitFor();
      const rows = page.getByRole('region', { name: 'Differences between version 1 and version 2' }).getByRole('row');
      await expect
        .poll(() => rows.allInnerTexts())
        .toEqual(['Setting\tVersion 1\tVersion 2', 'Extra time, per cent\t25\t50', 'Breaks, minutes\t0\t15']);
      await expect.poll(() => page.getByLabel('Note for proctors').inputValue()).toBe('May read aloud.');
      await isWell(page, 'admin-profile-conflict');
      expect(await stored()).toMatchObject({ version: 2, terms: other });
      await page.getByRole('button', { name: 'Save my values as version 3' }).click();
      await page.getByText('Version 3', { exact: true }).waitFor();
      expect(await stored()).toMatchObject({
        name: 'Reader aloud',
        version: 3,
        terms: {
          extraPercent: 25,
          breakMinutes: 0,
          note: 'May read aloud.',
          detection: { gaze: false, holds: { noFace: 20 } },
        },
      });

      await page.getByRole('button', { name: 'Archive' }).click();
      await page.getByRole('button', { name: 'Restore' }).waitFor();
      expect(await stored()).toMatchObject({ archived: true });
      await page.getByRole('button', { name: 'Restore' }).click();
      await page.getByRole('button', { name: 'Archive' }).waitFor();
      await page.getByRole('button', { name: 'Delete' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
      await page.getByText('No accommodation profiles yet.').waitFor();
      expect(await site.admin.send('GET', path)).toMatchObject({ status: 404 });
    } finally {
      await browser.close();
    }
  },
);
