import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Exam } from '../../protocol/http/exams.ts';
import { isWell } from '../support/well.ts';
import { hasBrowser, launch } from '../support/browser.ts';
import { openAdmin, watchPage } from '../support/pages.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { newPerson } from '../support/staffed-site.ts';

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

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const link = (page: Page, name: string) => page.getByRole('link', { name, exact: true });
const examOf = async (page: Page) => {
  await expect.poll(() => page.url()).toMatch(/#\/exam\/[0-9a-f-]{36}$/);
  return site.admin.get<Exam>(`/api/exams/${page.url().slice(-36)}`);
};

test.runIf(hasBrowser)(
  `an exam is made, scheduled, edited, cloned, archived and deleted from pages${skipped}`,
  SLOW,
  async () => {
    const page = await openAdmin(browser, site.url, undefined, undefined, { timezoneId: 'Europe/Berlin' });
    const seen = watchPage(page, site.url);
    try {
      await page.getByText('Make an exam').waitFor();
      await isWell(page, 'admin-overview');
      await page.getByText('Make an exam').click();
      await page.getByLabel('Title').fill('Linear algebra');
      await expect.poll(() => page.getByLabel('Time zone', { exact: true }).inputValue()).toBe('Europe/Berlin');

      // The clock skips the first start, and repeats the hour of the second.
      const [start, end] = [page.getByLabel('Start', { exact: true }), page.getByLabel('End', { exact: true })];
      await start.fill('2027-03-28T02:30');
      await page.getByText('This time does not exist').waitFor();
      await isWell(page, 'admin-exam-skipped');
      await start.fill('2027-10-31T02:30');
      await page.getByLabel('Start: which of the two').selectOption('second');
      await end.fill('2027-10-31T04:30');
      await page.getByText('From start to end: 2 hr.').waitFor();
      await page.getByLabel('Start: which of the two').selectOption('first');
      await page.getByText('From start to end: 3 hr.').waitFor();
      await page.getByLabel('Time limit in minutes').fill('90');
      await page.getByLabel('Late start in minutes').fill('15');
      await page.getByLabel('After saving').selectOption('scheduled');
      await isWell(page, 'admin-exam-form');
      await button(page, 'Create exam').click();
      const exam = await examOf(page);
      expect(exam).toMatchObject({
        title: 'Linear algebra',
        startsAt: '2027-10-31T00:30:00.000Z',
        endsAt: '2027-10-31T03:30:00.000Z',
        timeZone: 'Europe/Berlin',
        durationMinutes: 90,
        lateStartMinutes: 15,
        maxAttempts: 1,
        status: 'scheduled',
        openTo: 'enrolled',
        staffAccess: 'assigned',
      });
      await page.getByText('Sun, Oct 31, 2027, 02:30 GMT+2').waitFor();
      await isWell(page, 'admin-exam');

      // Edit: to be open to all, it takes a second yes.
      await link(page, 'Edit').click();
      await page.getByLabel('Open to').selectOption('all');
      await button(page, 'Save').click();
      await page.getByLabel('Yes, open it').and(page.locator(':invalid')).waitFor();
      await isWell(page, 'admin-exam-open-to-all');
      await page.getByLabel('Yes, open it').check();
      await page.getByLabel('Attempts per student').fill('');
      await button(page, 'Save').click();
      const { revision: _revision, ...terms } = exam;
      expect(await examOf(page)).toMatchObject({ ...terms, openTo: 'all', maxAttempts: null });

      // Clone: the same terms without times, as a draft.
      await link(page, 'Clone').click();
      await page.getByText('Terms and policy are those of Linear algebra').waitFor();
      await page.getByLabel('Yes, open it').check();
      await button(page, 'Create exam').click();
      await page.getByRole('heading', { name: 'Linear algebra (copy)' }).waitFor();
      expect(await examOf(page)).toMatchObject({ status: 'draft', startsAt: null, durationMinutes: 90, openTo: 'all' });
      await button(page, 'Open now').click();
      await isWell(page, 'admin-exam-open');
      await page.getByRole('dialog').getByRole('button', { name: 'Open now' }).click();
      await page.getByText('Open: students can start it').waitFor();

      // A session runs; closing ends it, and only an archived exam is deleted with its sessions.
      const { id } = await examOf(page);
      const student = await site.student();
      const session = await student.startSession(id);
      await button(page, 'Close').click();
      await page.getByRole('dialog').getByText('sessions that are running end now').waitFor();
      await page.getByRole('dialog').getByText('1 session is running and ends now.').waitFor();
      await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
      await page.getByText('Closed: nobody can start it').waitFor();
      expect(await site.admin.get(`/api/sessions/${session.id}`)).toMatchObject({ status: 'ended' });
      await button(page, 'Archive').click();
      await page.getByRole('dialog').getByRole('button', { name: 'Archive' }).click();
      await page.getByText('Archived: it can never be opened again').waitFor();
      await button(page, 'Delete').click();
      const taken = page.getByRole('dialog').getByRole('list', { name: 'Deleted with the exam' });
      await taken.getByText('1 session', { exact: true }).waitFor();
      await taken.getByText('1 policy version').waitFor();
      await isWell(page, 'admin-exam-delete');
      const confirm = page.getByRole('dialog').getByRole('button', { name: 'Delete' });
      await expect.poll(() => confirm.isDisabled()).toBe(true);
      await page.getByLabel('To confirm, type: delete 1 session').fill('delete 1 session');
      await confirm.click();
      await page.getByRole('heading', { name: 'Exams', exact: true }).waitFor();
      await expect(site.admin.get(`/api/exams/${id}`)).rejects.toMatchObject({ status: 404 });
      expect(seen).toEqual({ foreign: [], errors: [] });
    } finally {
      await page.close();
    }
  },
);

test.runIf(hasBrowser)(
  `exams are found by period and part of the title, with links that can be kept${skipped}`,
  SLOW,
  async () => {
    const now = Date.now();
    const day = (days: number) => new Date(now + days * 86_400_000).toISOString();
    const made: [title: string, body: object][] = [
      ['Álgebra I', { startsAt: day(-0.01), endsAt: day(0.01), status: 'active' }],
      ['Álgebra II', { startsAt: day(3), status: 'scheduled' }],
      ['Topology', { startsAt: day(-3), endsAt: day(-2.9) }],
      ['Old algebra', { status: 'draft' }],
    ];
    for (const [title, body] of made) {
      const exam = await site.admin.post<Exam>('/api/exams', { title, ...body });
      if (title === 'Old algebra')
        await site.admin.request('PATCH', `/api/exams/${exam.id}/status`, { status: 'archived' });
    }
    const page = await openAdmin(browser, site.url);
    const titles = () => page.getByRole('list', { name: 'Exams' }).getByRole('link').allTextContents();
    try {
      await link(page, 'Exams').click();
      await expect.poll(titles).toEqual(['Álgebra I']);
      await link(page, 'Coming').click();
      await expect.poll(titles).toContain('Álgebra II');
      await page.getByLabel('Search by title').fill('ALGEBRA II');
      await expect.poll(titles).toEqual(['Álgebra II']);
      await isWell(page, 'admin-exams');
      await link(page, 'Archived').click();
      await page.getByText('None of these exams has “ALGEBRA II” in its title.').waitFor();
      await link(page, 'Search all exams').click();
      await expect.poll(titles).toEqual(['Álgebra II']);
      await page.goBack();

      // The filter is part of the address: back, and opened anew.
      await page.goBack();
      await expect.poll(titles).toEqual(['Álgebra II']);
      const kept = page.url();
      expect(kept).toContain('#/exams?when=coming&q=ALGEBRA+II');
      await page.goto('about:blank');
      await page.goto(kept);
      await expect.poll(titles).toEqual(['Álgebra II']);
      await page.getByLabel('Search by title').fill('');
      await link(page, 'Past').click();
      await expect.poll(titles).toEqual(['Topology']);
    } finally {
      await page.close();
    }
  },
);

test.runIf(hasBrowser)(
  `the area is for admins and exam managers; a proctor is told so and led to the console${skipped}`,
  SLOW,
  async () => {
    const proctor = await newPerson(site, 'proctor');
    const page = await browser.newPage();
    try {
      await page.goto(`${site.url}/admin#/exams`);
      await page.getByLabel('Email').fill(proctor.tokens!.user.email);
      await page.getByLabel('Password').fill('violet harbour 93');
      await button(page, 'Log in').click();
      await page.getByRole('heading', { name: 'This page is for administrators and exam managers' }).waitFor();
      await page.getByText('You are logged in as a proctor.').waitFor();
      await isWell(page, 'admin-refused');
      await link(page, 'Go to the console').click();
      await page.getByRole('heading', { name: 'Exams' }).waitFor();
      await expect.poll(() => link(page, 'Administration').count()).toBe(0);

      const manager = await newPerson(site, 'manager');
      const other = await openAdmin(browser, site.url, manager.tokens!.user.email, 'violet harbour 93');
      await other.close();
    } finally {
      await page.close();
    }
  },
);
