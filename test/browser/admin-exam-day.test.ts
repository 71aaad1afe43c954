import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Assignment } from '../../protocol/http/assignments.ts';
import type { Enrolment } from '../../protocol/http/enrolments.ts';
import type { Exam } from '../../protocol/http/exams.ts';
import type { Readmission } from '../../protocol/http/readmissions.ts';
import { hasBrowser, launch } from '../support/browser.ts';
import { openAdmin, openConsole, watchPage } from '../support/pages.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { newPerson, sit } from '../support/staffed-site.ts';
import { isWell } from '../support/well.ts';

let site: TestServer;
let browser: Browser;
beforeAll(async () => {
  if (!hasBrowser) return;
  site = await startTestServer({ env: { EXAMS_OPEN_TO: 'enrolled' } });
  browser = await launch();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

const SLOW = { timeout: 240_000 };
const skipped = hasBrowser ? '' : ' (skipped: no Chromium)';

const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: typeof name === 'string' });
const link = (page: Page, name: string) => page.getByRole('link', { name, exact: true });
const items = async <T>(path: string) => (await site.admin.get<{ items: T[] }>(path)).items;

test.runIf(hasBrowser)(
  `students are enrolled into rooms, a proctor is assigned to one, and attendance is counted by room${skipped}`,
  SLOW,
  async () => {
    const exam = await site.admin.createExam({}, { title: 'Geometry', staffAccess: 'assigned' });
    const [ann, bea] = [await site.student('Ann Archer'), await site.student('Bea Baker')];
    const proctor = await newPerson(site, 'proctor');
    const page = await openAdmin(browser, site.url);
    const seen = watchPage(page, site.url);
    try {
      await page.goto(`${site.url}/admin#/exam/${exam.id}/students`);
      for (const [room, name] of [
        ['A 1', 'Ann Archer'],
        ['B 2', 'Bea Baker'],
      ] as const) {
        await page.getByLabel('Room', { exact: true }).fill(room);
        await page.getByLabel('Find a student').fill(name.toLowerCase());
        await button(page, `Enrol: ${name}`).click();
        await page.getByText(`${name} is enrolled.`).waitFor();
      }
      await page.getByRole('heading', { name: 'Enrolled: 2 students' }).waitFor();
      await isWell(page, 'admin-students');
      await button(page, 'Edit the enrolment of Bea Baker').click();
      await page.getByRole('dialog').getByLabel('Extra minutes').fill('15');
      await isWell(page, 'admin-enrolment');
      await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      const enrolments = await items<Enrolment>(`/api/exams/${exam.id}/students`);
      expect(enrolments.map((row) => `${row.studentName}, ${row.room}, ${row.extraMinutes}`).toSorted()).toEqual([
        'Ann Archer, A 1, 0',
        'Bea Baker, B 2, 15',
      ]);

      await link(page, 'Staff').click();
      await page.getByLabel('Assign to').selectOption({ label: 'Room A 1' });
      await page.getByLabel('Find a proctor or reviewer').fill(proctor.tokens!.user.name);
      await button(page, /^Assign: Person/).click();
      await page.getByRole('listitem').filter({ hasText: 'Proctor · Room A 1' }).waitFor();
      await link(page, 'Overview').last().click();
      await page.getByText('No proctor is assigned to: Room B 2.').waitFor();
      await link(page, 'Staff').click();
      await isWell(page, 'admin-staff');
      expect(await items<Assignment>(`/api/exams/${exam.id}/staff`)).toMatchObject([
        { userId: proctor.userId, room: 'A 1' },
      ]);

      // Ann sits and ends, Bea is missing.
      const session = await ann.startSession(exam.id);
      await ann.post(`/api/sessions/${session.id}/end`, {});
      await link(page, 'Attendance').click();
      const row = (name: string) => page.getByRole('row').filter({ hasText: name });
      await row('Total').waitFor();
      const cells = (of: Locator) => expect.poll(() => of.getByRole('cell').allTextContents());
      await cells(row('A 1').first()).toEqual(['1', '0', '0', '1', '0', '0']);
      await cells(row('Total')).toEqual(['2', '0', '0', '1', '1', '0']);
      await isWell(page, 'admin-attendance');
      await page.getByLabel('State').selectOption('missing');
      await row('Ann Archer').waitFor({ state: 'detached' });
      await row('Bea Baker').waitFor();
      // Printed, it has a place for signatures and no controls.
      await page.emulateMedia({ media: 'print' });
      await page.getByRole('columnheader', { name: 'Signature' }).waitFor();
      await button(page, 'Print').waitFor({ state: 'hidden' });
      await page.getByRole('columnheader', { name: 'Room B 2' }).waitFor();
      await page.emulateMedia({ media: 'screen' });
      await page.getByRole('columnheader', { name: 'Room B 2' }).waitFor({ state: 'hidden' });
      // Counts and the first room share a page; each further room begins a page of its own.
      await page.getByLabel('State').selectOption('');
      await row('Ann Archer').waitFor();
      await page.emulateMedia({ media: null });
      const pdf = await page.pdf({ format: 'A4' });
      expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)).toHaveLength(2);

      await link(page, 'Staff').click();
      await button(page, /^Remove Person/).click();
      await page.getByText('Nobody is assigned yet.').waitFor();
      await link(page, 'Students').click();
      await button(page, 'Edit the enrolment of Bea Baker').click();
      await page.getByRole('dialog').getByRole('button', { name: 'Remove from the exam' }).click();
      await page.getByRole('heading', { name: 'Enrolled: 1 student', exact: true }).waitFor();
      expect((await items<Enrolment>(`/api/exams/${exam.id}/students`)).map((one) => one.studentId)).toEqual([
        ann.userId,
      ]);
      expect(bea.userId).toBeTruthy();
      expect(seen).toEqual({ foreign: [], errors: [] });
    } finally {
      await page.close();
    }
  },
);

test.runIf(hasBrowser)(
  `a past session is found in two clicks, its student readmitted, and the student told so${skipped}`,
  SLOW,
  async () => {
    const exam = await site.admin.post<Exam>('/api/exams', {
      title: 'Algebra',
      status: 'active',
      durationMinutes: 60,
      timeZone: 'Europe/Lisbon',
    });
    const student = await site.student('Inês Gouveia');
    const { session } = await sit(site, exam, student, 'Hall');
    await student.post(`/api/sessions/${session.id}/end`, {});
    const page = await openConsole(browser, site.url);
    const seen = watchPage(page, site.url);
    const sitting = await browser.newPage();
    try {
      await link(page, 'Sessions').click();
      const row = page.getByRole('row').filter({ hasText: 'Inês Gouveia' });
      await row.getByText('Ended with its exam, or by the exam page').waitFor();
      await page.getByLabel('Student', { exact: true }).fill('gouv');
      await page.getByRole('combobox', { name: 'End', exact: true }).selectOption('ended');
      await expect.poll(() => page.getByRole('row').count()).toBe(2);
      await isWell(page, 'console-sessions');
      const kept = page.url();
      expect(kept).toContain('#/sessions?q=gouv&end=ended');
      await page.getByLabel('Room').fill('Nowhere');
      await page.getByText('No sessions match the filter.').waitFor();
      await page.goto('about:blank');
      await page.goto(kept);
      await link(page, 'Inês Gouveia').click();
      await page.getByRole('heading', { name: 'Inês Gouveia' }).waitFor();

      // The student cannot start again.
      await sitting.goto(`${site.url}/exam`);
      await sitting.getByLabel('Email').fill(student.tokens!.user.email);
      await sitting.getByLabel('Password').fill("Inês Gouveia's password");
      await button(sitting, 'Log in').click();
      await sitting.getByText('Attempts used: 1 of 1').waitFor();
      await sitting.getByText('You have used all attempts of this exam.').waitFor();
      await isWell(sitting, 'exam-attempts-used');

      await link(page, 'Live').click();
      await button(page, 'Readmit').click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('How').selectOption('new');
      await dialog.getByLabel('Reason (recorded)').fill('Power cut in the hall');
      await dialog.getByLabel('Extra minutes').fill('5');
      await isWell(page, 'console-readmit');
      await dialog.getByRole('button', { name: 'Readmit' }).click();
      await page.getByText('Not used yet').waitFor();
      expect(await items<Readmission>(`/api/sessions/${session.id}/readmissions`)).toMatchObject([
        { kind: 'new', reason: 'Power cut in the hall', extraMinutes: 5, until: null, usedAt: null },
      ]);
      await button(page, 'Withdraw').click();
      await page.getByText('Withdrawn').waitFor();
      await button(page, 'Readmit').click();
      await dialog.getByLabel('How').selectOption('new');
      await dialog.getByLabel('Reason (recorded)').fill('Power cut in the hall');
      await dialog.getByRole('button', { name: 'Readmit' }).click();
      await page.getByText('Not used yet').waitFor();
      await isWell(page, 'console-readmitted');

      await button(sitting, 'Refresh').click();
      await sitting.getByText('You can start again: staff have readmitted you').waitFor();
      await button(sitting, 'Start: Algebra').waitFor();
      await isWell(sitting, 'exam-readmitted');

      // The second attempt is told apart on the wall, and both are linked.
      const second = await student.startSession(exam.id);
      await page.goto(`${site.url}/console#/exam/${exam.id}`);
      await page.getByText('Attempt 2').waitFor();
      await page.goto(`${site.url}/console#/session/${second.id}`);
      await page.getByRole('heading', { name: 'Attempts of this student' }).waitFor();
      await page.getByRole('link', { name: /^Attempt 1/ }).click();
      await expect.poll(() => page.url()).toContain(`${session.id}/review`);
      expect(seen).toEqual({ foreign: [], errors: [] });
    } finally {
      await page.close();
      await sitting.close();
    }
  },
);
