import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Exam } from '../../protocol/http/exams.ts';
import { hasBrowser, launch } from '../support/browser.ts';
import { openAdmin, openConsole } from '../support/pages.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { isWell } from '../support/well.ts';
import { assign, newPerson } from '../support/staffed-site.ts';

let site: TestServer;
let browser: Browser;
let exam: Exam;
beforeAll(async () => {
  if (!hasBrowser) return;
  site = await startTestServer();
  browser = await launch();
  exam = await site.admin.post<Exam>('/api/exams', { title: 'Algebra', staffAccess: 'assigned' });
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

const SLOW = { timeout: 240_000 };
const skipped = hasBrowser ? '' : ' (skipped: no Chromium)';

/** Text or label of what has the focus. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(`(() => {
    const { activeElement: at } = document;
    return at === document.body ? 'BODY' : (at.ariaLabel ?? at.textContent).trim();
  })()`);
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

test.runIf(hasBrowser)(
  `the focus stays at the list when students are enrolled and removed by keyboard, and what was done is announced${skipped}`,
  SLOW,
  async () => {
    for (const name of ['Ann Archer', 'Bea Baker']) await site.student(name);
    const page = await openAdmin(browser, site.url);
    try {
      await page.goto(`${site.url}/admin#/exam/${exam.id}/students`);
      for (const name of ['Ann Archer', 'Bea Baker']) {
        await page.getByLabel('Find a student').fill(name);
        await page.getByRole('button', { name: `Enrol: ${name}` }).press('Enter');
        await page.getByRole('status').getByText(`${name} is enrolled.`).waitFor();
        await expect.poll(() => focused(page)).toContain(name);
      }
      const remove = async (name: string) => {
        await button(page, `Edit the enrolment of ${name}`).press('Enter');
        await button(page, 'Remove from the exam').press('Enter');
        await page.getByRole('status').getByText(`${name} is removed from the exam.`).waitFor();
      };
      await remove('Ann Archer');
      await expect.poll(() => focused(page)).toBe('Edit the enrolment of Bea Baker');
      await remove('Bea Baker');
      await expect.poll(() => focused(page)).toBe('Enrolled: 0 students');
      expect(await page.evaluate('document.activeElement.tagName')).toBe('H2');
    } finally {
      await page.close();
    }
  },
);

test.runIf(hasBrowser)(
  `the focus stays at the list when staff are assigned and removed by keyboard, and what was done is announced${skipped}`,
  SLOW,
  async () => {
    const people = [await newPerson(site, 'proctor'), await newPerson(site, 'reviewer')];
    for (const person of people) await assign(site, exam.id, person);
    const page = await openAdmin(browser, site.url);
    try {
      await page.goto(`${site.url}/admin#/exam/${exam.id}/staff`);
      const acts = page.getByRole('list', { name: 'Assigned' }).getByRole('button');
      await expect.poll(() => acts.count()).toBe(2);
      const second = await acts.nth(1).getAttribute('aria-label');
      await acts.nth(0).press('Enter');
      await page.getByRole('status').getByText('is no longer assigned: Whole exam.').waitFor();
      await expect.poll(() => focused(page)).toBe(second);
      await page.keyboard.press('Enter');
      await page.getByText('Nobody is assigned yet.').waitFor();
      await expect.poll(() => focused(page)).toBe('Assigned');
      await page.getByLabel('Find a proctor or reviewer').fill(people[0]!.tokens!.user.email);
      await page.getByRole('button', { name: 'Assign' }).press('Enter');
      await page.getByRole('status').getByText('is assigned: Whole exam.').waitFor();
      await expect.poll(() => focused(page)).toContain('Assign');
    } finally {
      await page.close();
    }
  },
);

test.runIf(hasBrowser)(
  `a bookmark with filters that do not exist says so, in administration and console${skipped}`,
  SLOW,
  async () => {
    const page = await openAdmin(browser, site.url);
    try {
      for (const [path, part] of [
        ['/admin#/people?role=king&q=ann', 'role=king'],
        ['/admin#/exams?when=never', 'when=never'],
        ['/admin#/audit?exam=17', 'exam=17'],
        ['/admin#/profiles/policy?archived=maybe', 'archived=maybe'],
      ]) {
        await page.goto(site.url + path);
        await page.getByText(`This address has filters that do not exist: ${part}.`).waitFor();
      }
      const other = await openConsole(browser, site.url);
      await other.goto(`${site.url}/console#/sessions?level=Huge&room=A&room=B`);
      await other.getByText('This address has filters that do not exist: level=Huge, room=B.').waitFor();
      await isWell(other, 'console-sessions-dropped');
      await other.getByRole('link', { name: 'Clear filters' }).click();
      await expect.poll(() => other.getByText('This address has filters').count()).toBe(0);
      await other.close();
    } finally {
      await page.close();
    }
  },
);

test.runIf(hasBrowser)(
  `an anonymised student is shown as such in the attendance, and not counted as missing${skipped}`,
  SLOW,
  async () => {
    const [gone, late] = [await site.student('Gone Girl'), await site.student('Late Lou')];
    for (const { userId } of [gone, late])
      await site.admin.request('PUT', `/api/exams/${exam.id}/students/${userId}`, { room: 'A' });
    await site.admin.post(`/api/users/${gone.userId}/anonymise`);
    const page = await openAdmin(browser, site.url);
    try {
      await page.goto(`${site.url}/admin#/exam/${exam.id}/attendance`);
      const row = page.getByRole('region', { name: 'Students' }).getByRole('row');
      await row.filter({ hasText: 'Anonymous' }).getByRole('cell', { name: 'Anonymised' }).waitFor();
      await row.filter({ hasText: 'Late Lou' }).getByRole('cell', { name: 'Missing' }).waitFor();
      const total = page.getByRole('region', { name: 'Attendance by room' }).getByRole('row').last();
      await expect.poll(() => total.getByRole('cell').allTextContents()).toEqual(['1', '0', '0', '0', '1', '0']);
      await page.getByLabel('State').selectOption('anonymised');
      await expect.poll(() => row.filter({ hasText: 'Late Lou' }).count()).toBe(0);
      await isWell(page, 'admin-attendance-anonymised');
    } finally {
      await page.close();
    }
  },
);
