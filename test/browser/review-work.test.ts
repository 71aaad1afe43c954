import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Exam } from '../../protocol/http/exams.ts';
import type { ListedSession } from '../../protocol/http/session-list.ts';
import type { Api } from '../support/api.ts';
import { hasBrowser, launch } from '../support/browser.ts';
import { openConsole, shoot, watchPage } from '../support/pages.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { newPerson, PASSWORD, sit, type Sitting } from '../support/staffed-site.ts';

const skipped = hasBrowser ? '' : ' (skipped: no Chromium)';
const SLOW = { timeout: 240_000 };

let site: TestServer;
let browser: Browser;
let exam: Exam;
let manager: Api;
let reviewer: Api;
const sat: Sitting[] = [];
beforeAll(async () => {
  if (!hasBrowser) return;
  site = await startTestServer();
  // Calm sessions: all are drawn for a look.
  exam = await site.admin.createExam({}, { reviewSamplePercent: 100, staffAccess: 'all' });
  for (let i = 0; i < 4; i++) {
    const sitting = await sit(site, exam, await newPerson(site, 'student'), null);
    await sitting.student.post(`/api/sessions/${sitting.session.id}/end`);
    sat.push(sitting);
  }
  [manager, reviewer] = [await newPerson(site, 'manager'), await newPerson(site, 'reviewer')];
  browser = await launch();
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

const open = (person: Api) => openConsole(browser, site.url, person.tokens!.user.email, PASSWORD);
const listed = async () => (await site.admin.get<{ items: ListedSession[] }>(`/api/sessions?exam=${exam.id}`)).items;
const givenTo = async (person: Api) =>
  (await listed()).filter(({ review }) => review?.reviewer?.id === person.userId).map(({ id }) => id);
const shown = (page: Page) => /session\/([0-9a-f-]+)\/review/.exec(page.url())?.[1];

test.runIf(hasBrowser)(
  `a manager gives sessions to a reviewer, who goes from one to the next of their own until none is left${skipped}`,
  SLOW,
  async () => {
    const page = await open(manager);
    const seen = watchPage(page, site.url);
    await page.goto(`${site.url}/console#/sessions?exam=${exam.id}&reviewed=needs`);
    const rows = page.getByRole('row').filter({ has: page.getByRole('checkbox') });
    await expect.poll(() => rows.count()).toBe(4);
    await expect.poll(() => rows.first().textContent()).toContain('Sample');
    await rows.nth(1).getByRole('checkbox').check();
    await rows
      .nth(2)
      .getByRole('checkbox')
      .click({ modifiers: ['Shift'] });
    await page.getByRole('group', { name: 'Selected sessions' }).getByText('2 selected').waitFor();
    await shoot(page, 'review-work-selected');
    await page.getByRole('button', { name: 'Give to…' }).click();
    const name = reviewer.tokens!.user.name;
    await page.getByLabel('Find a person').fill(reviewer.tokens!.user.email);
    await page.getByRole('button', { name: `Give: ${name}` }).waitFor();
    await shoot(page, 'review-work-give');
    await page.getByRole('button', { name: `Give: ${name}` }).click();
    await page.getByText(`2 given to ${name}.`).waitFor();
    await expect.poll(async () => (await givenTo(reviewer)).length).toBe(2);
    await expect.poll(async () => (await rows.allTextContents()).filter((row) => row.includes(name)).length).toBe(2);
    await page.getByLabel('Given to').selectOption('Nobody');
    await expect.poll(() => rows.count()).toBe(2);
    await shoot(page, 'review-work-list');
    expect(seen).toEqual({ foreign: [], errors: [] });
    await page.close();

    const work = await open(reviewer);
    const mine = await givenTo(reviewer);
    await work.goto(`${site.url}/console#/sessions?reviewer=me&reviewed=needs`);
    await work.getByRole('row').nth(2).waitFor();
    // Reviewers give nothing to anybody.
    await expect.poll(() => work.getByRole('checkbox').count()).toBe(0);
    await shoot(work, 'review-work-mine');
    // From outside of any list.
    await work.goto(`${site.url}/console#/session/${mine[1]}/review`);
    await work.evaluate('sessionStorage.clear()');
    const next = work.getByRole('button', { name: 'Next session' });
    await next.click();
    await expect.poll(() => shown(work)).toBe(mine[0]);
    await reviewer.post(`/api/sessions/${mine[0]}/verdict`, { verdict: 'no_concern', reason: 'nothing' });
    await next.click();
    await expect.poll(() => shown(work)).toBe(mine[1]);
    await reviewer.post(`/api/sessions/${mine[1]}/verdict`, { verdict: 'no_concern', reason: 'nothing' });
    // Then one that is given to nobody.
    await next.click();
    await expect.poll(() => shown(work)).not.toBe(mine[1]);
    expect(mine).not.toContain(shown(work));
    await site.admin.request('PUT', '/api/review-assignments', {
      sessions: (await listed()).map(({ id }) => id).filter((id) => !mine.includes(id)),
      reviewer: manager.userId,
    });
    await next.click();
    await work.getByText('No further session to review.').waitFor();
    await work.close();
  },
);

test.runIf(hasBrowser)(`sessions are taken back on the page${skipped}`, SLOW, async () => {
  await site.admin.request('PUT', '/api/review-assignments', {
    sessions: sat.map(({ session }) => session.id),
    reviewer: reviewer.userId,
  });
  const page = await open(manager);
  await page.goto(`${site.url}/console#/sessions?exam=${exam.id}&reviewed=any`);
  await page.getByRole('button', { name: 'Select 4 shown' }).click();
  await page.getByRole('button', { name: 'Give to nobody' }).click();
  await page.getByText('4 given to nobody.').waitFor();
  expect(await givenTo(reviewer)).toEqual([]);
  await page.close();
});
