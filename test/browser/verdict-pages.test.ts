import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Attempt } from '../support/attempt.ts';
import type { Api } from '../support/api.ts';
import { hasBrowser, launch } from '../support/browser.ts';
import { readAtClose } from '../support/failed-pages.ts';
import { openConsole, shoot, tooWide, watchPage } from '../support/pages.ts';
import { Clockwork, evidenceOf, leaveAndReturn, startWatched } from '../support/picture-site.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';
import { newPerson, PASSWORD } from '../support/staffed-site.ts';
import { mineOf, stepsOf } from '../support/verdict-site.ts';

const SLOW = { timeout: 400_000 };
const skipped = hasBrowser ? '' : ' (skipped: no Chromium)';
const WIDTHS = { widths: [1920, 1280, 390] };

let site: TestServer;
let browser: Browser;
let attempt: Attempt;
let reviewer: Api;
let officer: Api;
beforeAll(async () => {
  if (!hasBrowser) return;
  const clock = new Clockwork(Date.now() - 8 * 60_000);
  site = await startTestServer({ overrides: { clock: clock.read }, vision: true });
  attempt = await startWatched(site, { holds: { noFace: 1 }, release: { secondPerson: true } });
  await site.admin.request('PUT', `/api/exams/${attempt.exam.id}`, { title: 'Linear algebra', staffAccess: 'all' });
  await leaveAndReturn(attempt, clock);
  await attempt.student.post(`/api/sessions/${attempt.session.id}/end`);
  const [event] = await site.admin.events(attempt.session.id);
  await waitFor('the pictures', async () => (await evidenceOf(site.admin, event!.id)).length === 2);
  await site.admin.post(`/api/events/${event!.id}/review`, { decision: 'confirmed', reason: 'Nobody is there' });
  reviewer = await newPerson(site, 'reviewer');
  officer = await newPerson(site, 'reviewer');
  browser = await launch();
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

const consoleOf = (api: Api) => openConsole(browser, site.url, api.tokens!.user.email, PASSWORD);
const review = async (page: Page) => {
  await page.goto(`${site.url}/console#/session/${attempt.session.id}/review`);
  await page.getByRole('heading', { name: 'Verdict', exact: true }).waitFor();
};

async function openRecord(): Promise<Page> {
  const page = readAtClose(await browser.newPage({ viewport: { width: 1280, height: 800 } }));
  await page.goto(`${site.url}/exam#/record/${attempt.session.id}`);
  await page.getByLabel('Email').fill(attempt.student.tokens!.user.email);
  await page.getByLabel('Password').fill("Student's password");
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('heading', { name: 'Verdict' }).waitFor();
  return page;
}

test.runIf(hasBrowser)(
  `a verdict goes from its author to a second person, to the student, and by an appeal to a third${skipped}`,
  SLOW,
  async () => {
    const { id } = attempt.session;
    const pages: Page[] = [];
    const opened = async (page: Promise<Page>) => {
      pages.push(await page);
      return pages.at(-1)!;
    };
    try {
      // The author gives it, and is told that somebody else releases it.
      const author = await opened(consoleOf(reviewer));
      const seen = watchPage(author, site.url);
      await review(author);
      await author.getByLabel('Violation').check();
      await author.getByLabel('Reason for the verdict').fill('The chair was empty');
      await author.getByRole('button', { name: 'Submit verdict' }).click();
      await author.getByText('whoever gave the verdict does not release it').waitFor();
      const student = await opened(openRecord());
      await student.getByText('No verdict has been released.').waitFor();

      // A second person releases it with the confirmed incident.
      const second = await opened(openConsole(browser, site.url));
      await review(second);
      await second.getByRole('button', { name: 'Release to the student' }).waitFor();
      await shoot(second, 'verdict-release', WIDTHS);
      await second.getByRole('button', { name: 'Release to the student' }).click();
      await second.getByText('No answer yet').waitFor();

      // The student reads reason and pictures, answers and appeals.
      await student.getByRole('button', { name: 'Refresh' }).click();
      await student.getByText('The chair was empty').waitFor();
      await expect.poll(() => student.locator('.deciding canvas').count(), { timeout: 60_000 }).toBe(2);
      await shoot(student, 'verdict-student', WIDTHS);
      expect(await tooWide(student)).toEqual([]);
      expect(await student.content()).not.toContain(reviewer.tokens!.user.name);
      await student.getByLabel('Your answer').fill('I fetched a tissue.\nIt took seconds.');
      await student.getByRole('button', { name: 'Send answer' }).click();
      await student.getByText('It took seconds.').waitFor();
      // Its form is gone; the place of people who use a keyboard is not.
      await expect.poll(() => student.evaluate('document.activeElement.tagName')).toMatch(/^H\d$/);
      await student.getByLabel('Why you appeal').fill('Nobody helped me');
      await student.getByRole('button', { name: 'Appeal', exact: true }).click();
      await student.getByText('Your appeal is open.').waitFor();
      await shoot(student, 'verdict-student-appealed', WIDTHS);

      // A manager is told on every page, finds it on the list and gives it to a third person.
      await second.getByRole('link', { name: 'Appeals to give (1)' }).click();
      expect(await second.getByLabel('State').locator('option:checked').textContent()).toBe('Appealed');
      expect(await second.getByLabel('Whose').locator('option:checked').textContent()).toBe('Appeals given to nobody');
      await second.getByRole('cell', { name: 'Nobody yet' }).waitFor();
      await shoot(second, 'verdict-list', WIDTHS);
      expect(await tooWide(second)).toEqual([]);
      await second.getByRole('row').nth(1).getByRole('link').click();
      await second.getByText('I fetched a tissue.').waitFor();
      const choice = second.getByLabel('Give the appeal to');
      const people = () => choice.locator('option').allTextContents();
      await expect.poll(people).toContainEqual(expect.stringContaining(officer.tokens!.user.email));
      expect((await people()).some((text) => text.includes(reviewer.tokens!.user.email))).toBe(false);
      const third = await opened(consoleOf(officer));
      await third.getByRole('link', { name: 'Verdicts' }).waitFor();
      expect(await third.getByRole('link', { name: /given to me/ }).count()).toBe(0);
      await choice.selectOption((await people()).find((text) => text.includes(officer.tokens!.user.email))!);
      await second.getByRole('button', { name: 'Give', exact: true }).click();
      await second.getByText(/ decides\./).waitFor();
      await shoot(second, 'verdict-appeal', WIDTHS);

      // The third person has had a page open, is told of it there, and decides.
      await third.getByRole('status').filter({ hasText: 'Appeals given to me (1)' }).waitFor({ state: 'attached' });
      await third.getByRole('link', { name: 'Appeals given to me (1)' }).click();
      await third.getByRole('row').nth(1).waitFor();
      await shoot(third, 'verdict-given', WIDTHS);
      expect(await tooWide(third)).toEqual([]);
      await third.getByRole('row').nth(1).getByRole('link').click();
      await third.getByLabel('Another verdict: No concern').check();
      await third.getByLabel('Reason for the outcome').fill('Ten seconds, and nothing was written');
      await shoot(third, 'verdict-outcome', WIDTHS);
      await third.getByRole('button', { name: 'Decide the appeal' }).click();
      await third.getByText('Verdict changed').waitFor();
      await third.getByRole('link', { name: /given to me/ }).waitFor({ state: 'detached' });
      await student.getByRole('button', { name: 'Refresh' }).click();
      await student.getByText('The verdict was changed').waitFor();
      await shoot(student, 'verdict-student-decided', WIDTHS);

      expect(await stepsOf(officer, id)).toMatchObject({ state: 'closed', shown: { verdict: 'no_concern' } });
      expect(await mineOf(attempt.student, id)).toMatchObject([
        {
          verdict: 'violation',
          answer: { text: 'I fetched a tissue.\nIt took seconds.' },
          outcome: { outcome: 'changed' },
        },
      ]);
      await third.goto(`${site.url}/console#/session/${id}/report`);
      await third.getByText('I fetched a tissue.').waitFor();
      await third.getByText('Ten seconds, and nothing was written').first().waitFor();
      await shoot(third, 'verdict-report', WIDTHS);
      expect(seen).toEqual({ foreign: [], errors: [] });
    } finally {
      for (const page of pages) await page.close();
    }
  },
);
