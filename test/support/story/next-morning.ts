import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { button, link } from '../term/page-steps.ts';
import { judge, mineOf, release, stepsOf } from '../verdict-site.ts';
import type { Cast } from './cast.ts';
import { openStaffPage, type Seat, shot, sitDown } from './pages.ts';
import type { StorySite } from './story-site.ts';

export const REASON = 'The image shows a phone in the hand';
export const STATEMENT = 'It was my calculator.';
export const APPEAL = 'Calculators are allowed in this exam.';

/** The reviewer looks at the worst session first, decides about what was flagged, and gives a verdict. */
export async function review(site: StorySite, browser: Browser, cast: Cast): Promise<void> {
  const { name, session } = cast.students[0]!;
  const { page } = await openStaffPage(site, browser, cast.reviewer);
  await link(page, 'Sessions').click();
  await page.getByRole('row').filter({ hasText: name }).waitFor();
  await shot(page, 'sessions');
  await link(page, name).click();
  await page.locator('.incident').filter({ hasText: 'Flag by a proctor' }).click();
  await page.keyboard.press('c');
  await page.getByLabel('Reason', { exact: true }).fill('Visible in the image');
  await page.keyboard.press('Enter');
  await page.getByText('All incidents are decided.').waitFor();
  await page.getByLabel('Violation').check();
  await page.getByLabel('Reason for the verdict').fill(REASON);
  await shot(page, 'review', true);
  await button(page, 'Submit verdict').click();
  await page.getByText('whoever gave the verdict does not release it').waitFor();
  await shot(page, 'review-second-person', true);
  expect(
    await site.db
      .selectFrom('verdicts')
      .select(['verdict', 'reason', 'by'])
      .where('session_id', '=', session)
      .execute(),
  ).toEqual([{ verdict: 'violation', reason: REASON, by: cast.reviewer.id }]);
  await page.context().close();
}

/** The record of a student's own exam. */
export async function openRecord(site: StorySite, browser: Browser, { students }: Cast): Promise<Seat> {
  const seat = await sitDown(site, browser, students[0]!, `/exam#/record/${students[0]!.session}`);
  await seat.page.getByRole('heading', { name: 'Verdict', exact: true }).waitFor();
  return seat;
}

/** Before a release its student is told nothing of a verdict. */
export async function seesNothing(site: StorySite, cast: Cast, { page, received }: Seat): Promise<void> {
  await page.getByText('No verdict has been released.').waitFor();
  expect(await mineOf(await site.as(cast.students[0]!), cast.students[0]!.session)).toEqual([]);
  expect(await received.found([REASON, 'Visible in the image'])).toEqual([]);
}

/** A verdict is released by a second person, and never by who ended the session. */
export async function releaseVerdict(site: StorySite, browser: Browser, cast: Cast, ended: string): Promise<void> {
  const { session } = cast.students[0]!;
  const { verdict } = await stepsOf(await site.as(cast.reviewer), session);
  for (const [person, code] of [
    [cast.reviewer, 'second_person_required'],
    [cast.anna, 'forbidden'],
  ] as const)
    await expect(release(await site.as(person), session, verdict!), person.name).rejects.toMatchObject({
      status: 403,
      code,
    });

  const { page } = await openStaffPage(site, browser, cast.manager);
  const own = await judge(await site.as(cast.reviewer), ended, 'concern', 'Left the room');
  await expect(release(await site.as(cast.manager), ended, own)).rejects.toMatchObject({
    status: 403,
    code: 'person_involved',
  });
  await page.goto(`${site.url}/console#/session/${ended}/review`);
  await page.getByRole('heading', { name: 'Release and appeal' }).waitFor();
  expect(await button(page, 'Release to the student').count(), 'by who ended the session').toBe(0);

  await page.goto(`${site.url}/console#/session/${session}/review`);
  await button(page, 'Release to the student').waitFor();
  await shot(page, 'release', true);
  await button(page, 'Release to the student').click();
  await page.getByText(/^No answer yet/).waitFor();
  await page.context().close();
}

/** The student reads the verdict with its reason and image, answers, and appeals. */
export async function answerAndAppeal(cast: Cast, { page, received }: Seat): Promise<void> {
  await button(page, 'Refresh').click();
  await page.getByText(REASON).waitFor();
  await expect.poll(() => page.locator('.deciding canvas').count(), { timeout: 60_000 }).toBe(1);
  await shot(page, 'verdict-student', true);
  const { anna, ben, manager, reviewer, officer } = cast;
  expect(await received.found([anna, ben, manager, reviewer, officer].map(({ name }) => name))).toEqual([]);
  await page.getByLabel('Your answer').fill(STATEMENT);
  await button(page, 'Send answer').click();
  await page.getByText(STATEMENT).waitFor();
  await page.getByLabel('Why you appeal').fill(APPEAL);
  await button(page, 'Appeal').click();
  await page.getByText('Your appeal is open.').waitFor();
  await shot(page, 'appeal-student', true);
}

/** The manager gives the appeal to somebody who had no part in it. */
export async function giveAppeal(site: StorySite, browser: Browser, cast: Cast): Promise<void> {
  const { page } = await openStaffPage(site, browser, cast.manager);
  await findAppeal(page, cast, 'Appeals given to nobody', 'appeals');
  const choice = page.getByLabel('Give the appeal to');
  await choice.locator('option').filter({ hasText: cast.officer.email }).waitFor({ state: 'attached' });
  const people = await choice.locator('option').allTextContents();
  for (const { email } of [cast.reviewer, cast.manager, cast.anna])
    expect(
      people.some((text) => text.includes(email)),
      email,
    ).toBe(false);
  await choice.selectOption(people.find((text) => text.includes(cast.officer.email))!);
  await button(page, 'Give').click();
  await page.getByText(cast.officer.name).first().waitFor();
  await page.getByText(/ decides\./).waitFor();
  await page.context().close();
}

/** From the list of verdicts to the appeal of the first student. */
export async function findAppeal(page: Page, { students }: Cast, whose: string, name: string): Promise<void> {
  await link(page, 'Verdicts').click();
  await page.getByLabel('State').selectOption({ label: 'Appealed' });
  await page.getByLabel('Whose').selectOption({ label: whose });
  await page.getByRole('row').filter({ hasText: students[0]!.name }).waitFor();
  await shot(page, name);
  await link(page, students[0]!.name).click();
  await page.getByText(APPEAL).waitFor();
}
