import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { waitFor } from '../server.ts';
import { isWell } from '../well.ts';
import { sessionsOf, statusOf } from './exam-day.ts';
import { EXAM } from './office.ts';
import { button, link, logIn, newPage } from './page-steps.ts';
import type { TermSite } from './term-site.ts';

/** The end of the exam, and the days after. */

export async function handIn(site: TermSite, student: Page, exam: string, email: string): Promise<void> {
  await button(student, 'Finish exam').click();
  await button(student, 'Finish').click();
  await waitFor('the end', async () => (await sessionsOf(site, exam, email))[0]!.status === 'ended');
  const [session] = await sessionsOf(site, exam, email);
  expect(session).toMatchObject({ status: 'ended', end_reason: 'finished' });
  await isWell(student, 'term-30-handed-in');
}

/** The exam closes by itself, and sessions that run end at their own deadline. */
export async function closeByTime(site: TermSite, exam: string, closes: number, running: string): Promise<void> {
  const [session] = await sessionsOf(site, exam, running);
  site.moveTo(session!.deadline!.getTime() + 1000);
  await waitFor('the deadline', async () => (await sessionsOf(site, exam, running))[0]!.status === 'ended');
  expect(await sessionsOf(site, exam, running)).toMatchObject([{ end_reason: 'expired' }]);
  expect(await statusOf(site, exam)).toBe('active');
  site.moveTo(closes + 1000);
  await waitFor('the close', async () => (await statusOf(site, exam)) === 'completed');
}

/** A student who comes after the end of the exam. */
export async function comeTooLate(site: TermSite, student: Page, exam: string, email: string): Promise<void> {
  await button(student, 'Refresh').click();
  await student
    .getByText(/^Not available\./)
    .first()
    .waitFor();
  expect(await button(student, `Start: ${EXAM}`).count()).toBe(0);
  await isWell(student, 'term-31-too-late');
  expect(await sessionsOf(site, exam, email)).toEqual([]);
}

/** From the console's first page to the session in two clicks, and to a verdict. @returns the page */
export async function review(
  site: TermSite,
  browser: Browser,
  email: string,
  name: string,
  session: string,
): Promise<Page> {
  const page = await newPage(browser);
  await logIn(page, `${site.url}/console`, email);
  await page.getByRole('heading', { name: 'Exams' }).waitFor();
  await link(page, 'Sessions').click();
  await page.getByRole('row').filter({ hasText: name }).waitFor();
  await isWell(page, 'term-40-sessions');
  await link(page, name).click();
  await page.getByRole('heading', { name }).waitFor();
  expect(page.url()).toContain(`${session}/review`);
  await page.getByRole('radio', { name: 'No concern' }).check();
  await page.getByLabel('Reason for the verdict').fill('The invigilator was in the room');
  await button(page, 'Submit verdict').click();
  await page.getByText('The invigilator was in the room').waitFor();
  await isWell(page, 'term-41-review');
  expect(
    await site.db
      .selectFrom('verdicts')
      .innerJoin('users', 'users.id', 'verdicts.by')
      .select(['verdict', 'reason', 'users.email'])
      .where('session_id', '=', session)
      .execute(),
  ).toEqual([{ verdict: 'no_concern', reason: 'The invigilator was in the room', email }]);
  return page;
}
