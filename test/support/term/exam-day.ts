import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { waitFor } from '../server.ts';
import { isWell } from '../well.ts';
import { EXAM } from './office.ts';
import { button, link, logIn, newPage, section } from './page-steps.ts';
import type { TermSite } from './term-site.ts';

/** The day of the exam, for its students and proctors. */

export const statusOf = async (site: TermSite, exam: string) =>
  (await site.db.selectFrom('exams').select('status').where('id', '=', exam).executeTakeFirstOrThrow()).status;

export const sessionsOf = (site: TermSite, exam: string, email?: string) =>
  site.db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.student_id')
    .selectAll('sessions')
    .select('users.email')
    .where('exam_id', '=', exam)
    .$if(email !== undefined, (query) => query.where('users.email', '=', email!))
    .orderBy('started_at')
    .execute();

/** A student at the list of exams. */
export async function arrive(site: TermSite, camera: Browser, email: string): Promise<Page> {
  const page = await newPage(camera, { permissions: ['camera'] });
  await logIn(page, `${site.url}/exam`, email);
  await page.getByRole('heading', { name: 'Exams', exact: true }).waitFor();
  await page.getByRole('heading', { name: EXAM, exact: true }).waitFor();
  return page;
}

/** From the list of exams into the exam, in front of the camera. */
export async function startExam(page: Page, shots?: string): Promise<void> {
  await button(page, 'Refresh').click();
  await button(page, `Start: ${EXAM}`).click();
  if (shots) await isWell(page, `${shots}-consent`);
  await page.getByRole('checkbox').check();
  await button(page, 'Continue to camera').click();
  await button(page, 'Turn on camera').click();
  await button(page, 'Begin exam').waitFor();
  await button(page, 'Begin exam').click();
  await page.getByRole('heading', { name: 'Events', exact: true }).waitFor();
}

/** The wall of a proctor, and nothing else's sessions. @returns the page, at the wall */
export async function watchRoom(
  site: TermSite,
  browser: Browser,
  email: string,
  { exam, mine, foreign }: { readonly exam: string; readonly mine: string; readonly foreign: string },
): Promise<Page> {
  const page = await newPage(browser);
  await logIn(page, `${site.url}/console`, email);
  await page.getByRole('heading', { name: 'Exams' }).waitFor();
  await isWell(page, 'term-20-console');
  await link(page, EXAM).click();
  const tiles = page.getByRole('list', { name: 'Sessions' }).getByRole('listitem');
  const own = (await sessionsOf(site, exam, mine))[0]!;
  const other = (await sessionsOf(site, exam, foreign))[0]!;
  const named = await site.db
    .selectFrom('users')
    .select(['name', 'email'])
    .where('email', 'in', [mine, foreign])
    .execute();
  const nameOf = (address: string) => named.find((one) => one.email === address)!.name;
  await tiles.filter({ hasText: nameOf(mine) }).waitFor();
  expect(await tiles.count(), 'one room').toBe(1);
  await isWell(page, 'term-21-wall');

  // The session of another room does not exist for this proctor, by any address.
  const answers: number[] = [];
  page.on('response', (response) => {
    if (response.url().includes(other.id)) answers.push(response.status());
  });
  for (const path of [`session/${other.id}`, `session/${other.id}/review`, `session/${other.id}/report`]) {
    await page.goto(`${site.url}/console#/${path}`);
    await page
      .getByText(/not found|does not exist|cannot be found/i)
      .first()
      .waitFor();
    expect(await page.getByText(nameOf(foreign)).count(), path).toBe(0);
  }
  expect([...new Set(answers)]).toEqual([404]);
  await isWell(page, 'term-22-other-room');
  await link(page, 'Sessions').first().click();
  await page
    .getByRole('row')
    .filter({ hasText: nameOf(mine) })
    .waitFor();
  expect(await page.getByText(nameOf(foreign)).count()).toBe(0);
  await page.goto(`${site.url}/console#/session/${own.id}`);
  await page.getByRole('heading', { name: nameOf(mine) }).waitFor();
  return page;
}

/** A proctor ends the exam of the student whose session is open on the page. */
export async function terminate(site: TermSite, proctor: Page, exam: string, email: string): Promise<void> {
  await isWell(proctor, 'term-23-session');
  await button(proctor, 'End exam').click();
  const dialog = proctor.getByRole('dialog');
  await dialog.getByRole('textbox').fill('Somebody else was in the room');
  await isWell(proctor, 'term-24-terminate');
  await dialog.getByRole('button', { name: 'End exam for this student' }).click();
  await waitFor('the end', async () => (await sessionsOf(site, exam, email))[0]!.status === 'ended');
  expect(await sessionsOf(site, exam, email)).toMatchObject([{ end_reason: 'terminated' }]);
}

/** Without a readmission there is no way back into the exam. */
export async function cannotStart(site: TermSite, student: Page, exam: string, email: string): Promise<void> {
  const before = await sessionsOf(site, exam, email);
  await student.goto(`${site.url}/exam`);
  await student.getByRole('heading', { name: EXAM, exact: true }).waitFor();
  await student
    .getByText(/^Not available\./)
    .first()
    .waitFor();
  expect(await button(student, `Start: ${EXAM}`).count()).toBe(0);
  await isWell(student, 'term-26-cannot-start');
  expect(await sessionsOf(site, exam, email)).toEqual(before);
}

export async function readmit(site: TermSite, proctor: Page, session: string): Promise<void> {
  await button(proctor, 'Readmit').click();
  const dialog = proctor.getByRole('dialog');
  await dialog.getByLabel('How').selectOption('continue');
  await dialog.getByLabel('Reason (recorded)').fill('It was the invigilator');
  await isWell(proctor, 'term-27-readmit');
  await dialog.getByRole('button', { name: 'Readmit' }).click();
  await proctor.getByText('Not used yet').waitFor();
  expect(
    await site.db
      .selectFrom('readmissions')
      .innerJoin('users', 'users.id', 'readmissions.created_by')
      .select(['kind', 'reason', 'used_at', 'users.name'])
      .where('session_id', '=', session)
      .execute(),
  ).toEqual([{ kind: 'continue', reason: 'It was the invigilator', used_at: null, name: 'Pat Proctor' }]);
}

/** Attendance of the page against the sessions of the database. */
export async function seeAttendance(site: TermSite, office: Page, exam: string): Promise<void> {
  await office.goto(`${site.url}/admin#/exam/${exam}/attendance`);
  const total = office.getByRole('row').filter({ hasText: 'Total' });
  await total.waitFor();
  const [{ n }] = (await site.db
    .selectFrom('enrolments')
    .select((eb) => eb.fn.countAll().as('n'))
    .where('exam_id', '=', exam)
    .execute()) as [{ n: string | number | bigint }];
  const running = (await sessionsOf(site, exam)).filter(({ status }) => status !== 'ended').length;
  const [expected, checkedIn, sitting, finished] = (await total.getByRole('cell').allTextContents()).map(Number);
  expect([expected, checkedIn! + sitting!, finished]).toEqual([Number(n), running, 0]);
  await isWell(office, 'term-25-attendance');
  await section(office, 'Overview').click();
  await office.getByRole('heading', { name: 'Overview' }).waitFor();
  await isWell(office, 'term-25-overview');
}
