import { expect, test } from 'vitest';
import type { Enrolment } from '../../protocol/http/enrolments.ts';
import type { Exam } from '../../protocol/http/exams.ts';
import type { AccommodationProfile, PolicyProfile } from '../../protocol/http/profiles.ts';
import { hasBrowser, launch } from '../support/browser.ts';
import { openAdmin, watchPage } from '../support/pages.ts';
import { startTestServer } from '../support/server.ts';
import { isWell } from '../support/well.ts';

const skipped = hasBrowser ? '' : ' (skipped: no Chromium)';

test.runIf(hasBrowser)(
  `an exam takes a policy profile, shows the version in force and takes a newer one over; its clone keeps the link${skipped}`,
  { timeout: 240_000 },
  async () => {
    await using site = await startTestServer({ env: { EXAMS_OPEN_TO: 'enrolled' } });
    const browser = await launch();
    try {
      const create = (name: string, noFace: number) =>
        site.admin.post<PolicyProfile>('/api/policy-profiles', { name, policy: { holds: { noFace } } });
      const [strict, mild] = [await create('Strict', 2), await create('Mild', 30)];
      const page = await openAdmin(browser, site.url);
      const seen = watchPage(page, site.url);
      await page.goto(`${site.url}/admin#/exams/new`);
      await page.getByLabel('Title').fill('Optics');
      await page.getByLabel('Policy profile').selectOption('Strict, version 1');
      await isWell(page, 'admin-exam-policy-form');
      await page.getByRole('button', { name: 'Create exam' }).click();
      await page.getByRole('link', { name: 'From the profile Strict, version 1' }).waitFor();
      const id = page.url().split('/').at(-1)!;
      const exam = (of = id) => site.admin.get<Exam>(`/api/exams/${of}`);
      expect(await exam()).toMatchObject({
        policy: { holds: { noFace: 2 } },
        policyProfile: { id: strict.id, version: 1 },
      });

      await site.admin.request('PATCH', `/api/policy-profiles/${strict.id}`, { policy: { holds: { noFace: 4 } } });
      await page.reload();
      await page.getByText('The profile has a newer version: 2.').waitFor();
      await page.getByRole('button', { name: 'Differences' }).click();
      await page.getByRole('row').filter({ hasText: 'Nobody in the picture, seconds' }).waitFor();
      await isWell(page, 'admin-exam-policy');

      await page.getByRole('link', { name: 'Clone' }).click();
      const choice = page.getByLabel('Policy profile');
      await expect
        .poll(() => choice.locator('option').allTextContents())
        .toEqual(['Strict, version 1', 'Mild, version 1', 'Strict, version 2']);
      await page.getByRole('button', { name: 'Create exam' }).click();
      await page.getByRole('heading', { name: 'Optics (copy)' }).waitFor();
      const clone = page.url().split('/').at(-1)!;
      expect(await exam(clone)).toMatchObject({
        policy: { holds: { noFace: 2 } },
        policyProfile: { id: strict.id, version: 1, currentVersion: 2 },
      });

      await page.getByRole('button', { name: 'Take over version 2' }).click();
      await page.getByRole('link', { name: 'From the profile Strict, version 2' }).waitFor();
      expect(await exam(clone)).toMatchObject({ policy: { holds: { noFace: 4 } }, policyProfile: { version: 2 } });
      expect(await exam()).toMatchObject({ policyProfile: { version: 1 } });

      await page.getByRole('link', { name: 'Edit', exact: true }).click();
      await page.getByLabel('Title').fill('Optics II');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('heading', { name: 'Optics II' }).waitFor();
      expect(await exam(clone)).toMatchObject({ policyProfile: { id: strict.id, version: 2 } });
      await page.getByRole('link', { name: 'Edit', exact: true }).click();
      await choice.selectOption('Mild, version 1');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('link', { name: 'From the profile Mild, version 1' }).waitFor();
      expect(await exam(clone)).toMatchObject({ policy: { holds: { noFace: 30 } }, policyProfile: { id: mild.id } });
      expect(seen).toEqual({ foreign: [], errors: [] });
    } finally {
      await browser.close();
    }
  },
);

test.runIf(hasBrowser)(
  `a student is enrolled with an accommodation profile; an edit keeps seat and detection, and an archived profile until another is chosen${skipped}`,
  { timeout: 240_000 },
  async () => {
    await using site = await startTestServer();
    const browser = await launch();
    try {
      const create = (name: string, terms: object) =>
        site.admin.post<AccommodationProfile>('/api/accommodation-profiles', { name, terms });
      const [reader, breaks] = [
        await create('Reader', { extraPercent: 25, headCovering: true }),
        await create('Breaks', { breakMinutes: 15 }),
      ];
      const exam: Exam = await site.admin.createExam({}, { title: 'Optics', openTo: 'enrolled' });
      const ada = await site.student('Ada');
      const path = `/api/exams/${exam.id}/students/${ada.userId}`;
      const stored = () => site.admin.get<Enrolment>(path);
      const page = await openAdmin(browser, site.url);
      await page.goto(`${site.url}/admin#/exam/${exam.id}/students`);
      await page.getByLabel('Accommodation profile').selectOption('Reader');
      await page.getByText('25 % extra, head covering', { exact: true }).waitFor();
      await page.getByLabel('Find a student').fill('Ada');
      await page.getByRole('button', { name: 'Enrol: Ada' }).click();
      await page.getByRole('row').filter({ hasText: 'Reader' }).waitFor();
      expect(await stored()).toMatchObject({ accommodationProfile: { id: reader.id }, seat: null });
      await isWell(page, 'admin-enrolment-profile');

      await site.admin.request('PUT', path, {
        seat: '12',
        detection: { holds: { noFace: 9 } },
        accommodationProfileId: reader.id,
      });
      await site.admin.request('PATCH', `/api/accommodation-profiles/${reader.id}`, { archived: true });
      await page.reload();
      const edit = page.getByRole('button', { name: 'Edit the enrolment of Ada' });
      await edit.click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('An archived profile: it is kept, but no longer offered').waitFor();
      await isWell(page, 'admin-enrolment-dialog');
      await dialog.getByLabel('Room').fill('A 101');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('row').filter({ hasText: 'A 101' }).waitFor();
      expect(await stored()).toMatchObject({
        room: 'A 101',
        seat: '12',
        detection: { holds: { noFace: 9 } },
        accommodationProfile: { id: reader.id },
      });

      await edit.click();
      await dialog.getByLabel('Accommodation profile').selectOption('Breaks');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('row').filter({ hasText: 'Breaks' }).waitFor();
      expect(await stored()).toMatchObject({ seat: '12', accommodationProfile: { id: breaks.id } });
    } finally {
      await browser.close();
    }
  },
);
