import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { isWell } from '../well.ts';
import {
  acceptInvitation,
  button,
  chooseFile,
  inZone,
  link,
  newPage,
  PASSWORD,
  savedBy,
  section,
} from './page-steps.ts';
import {
  isAccommodated,
  MISTAKES,
  PEOPLE,
  peopleFile,
  peopleFileWithMistakes,
  roomOf,
  type ROOMS,
  roomsFile,
  studentAt,
} from './term-files.ts';
import type { TermSite } from './term-site.ts';

/** What the exam office does before an exam. */

export const ADMIN_EMAIL = 'office@university.example';
export const EXAM = 'Linear algebra';

/** From the link that a new server prints, to the overview. */
export async function setUp(site: TermSite, browser: Browser): Promise<Page> {
  const page = await newPage(browser);
  await page.goto(site.setupLink);
  await page.getByLabel('Name').fill('Exam Office');
  await page.getByLabel('Email').fill(ADMIN_EMAIL);
  await page.getByLabel('Password').fill(PASSWORD);
  await isWell(page, 'term-01-setup');
  await button(page, 'Create account').click();
  await link(page, 'Open the administration area').click();
  await page.getByRole('heading', { name: 'Next steps' }).waitFor();
  await isWell(page, 'term-02-overview-empty');
  expect(await site.db.selectFrom('users').select(['email', 'name', 'role']).execute()).toEqual([
    { email: ADMIN_EMAIL, name: 'Exam Office', role: 'admin' },
  ]);
  return page;
}

/** @returns links of the invitations, by address */
export async function importPeople(site: TermSite, page: Page): Promise<Map<string, string>> {
  const students = () =>
    site.db.selectFrom('users').select(['email', 'name', 'student_number']).where('role', '=', 'student').execute();
  await section(page, 'Import').click();
  await chooseFile(page, 'people.csv', peopleFileWithMistakes());
  await page.getByRole('heading', { name: 'Preview of people.csv' }).waitFor();
  const faults = page.getByRole('region', { name: `Faults: ${MISTAKES.length}` }).getByRole('row');
  const rows = (await faults.allInnerTexts()).slice(1);
  // The header is row 1.
  for (const { index, words } of MISTAKES)
    expect(
      rows.filter((row) => row.startsWith(`${index + 2}\t`) && row.includes(words)),
      words,
    ).toHaveLength(1);
  expect(rows.map((row) => Number(row.split('\t')[0]))).toEqual(MISTAKES.map(({ index }) => index + 2));
  expect(await button(page, 'Import').isDisabled()).toBe(true);
  expect(await students()).toEqual([]);
  await isWell(page, 'term-03-import-mistakes');

  await chooseFile(page, 'people.csv', peopleFile());
  await page.getByRole('heading', { name: /^Faults/ }).waitFor({ state: 'detached' });
  await button(page, 'Import').click();
  await page.getByRole('heading', { name: 'Imported' }).waitFor();
  const stored = (await students()).map(({ email, name, student_number }) => `${email} ${name} ${student_number}`);
  const expected = Array.from({ length: PEOPLE }, (_, index) => Object.values(studentAt(index)).join(' '));
  expect(stored.toSorted()).toEqual(expected.toSorted());

  await button(page, 'Make invitation links').click();
  await page.getByText(`${PEOPLE} links are made.`).waitFor();
  await isWell(page, 'term-04-imported');
  const links = (await savedBy(page, 'Download the links as CSV')).toString().split('\r\n').slice(1);
  return new Map(links.filter(Boolean).map((line) => [line.split(',')[1]!, line.split(',')[2]!]));
}

/** An exam that opens by itself. @returns its id */
export async function makeExam(
  site: TermSite,
  page: Page,
  {
    title,
    from,
    until,
    policy,
  }: { readonly title: string; readonly from: number; readonly until: number; readonly policy?: string },
): Promise<string> {
  await section(page, 'Exams').click();
  await link(page, 'New exam').click();
  await page.getByLabel('Title').fill(title);
  await page.getByLabel('Start', { exact: true }).fill(inZone(from));
  await page.getByLabel('End', { exact: true }).fill(inZone(until));
  await page.getByLabel('Time limit in minutes').fill('60');
  if (policy !== undefined)
    await page.getByLabel('Policy profile', { exact: true }).selectOption({ label: `${policy}, version 1` });
  await page.getByLabel('After saving').selectOption('scheduled');
  await isWell(page, 'term-05-exam-form');
  await button(page, 'Create exam').click();
  await page.getByRole('heading', { name: title, exact: true }).waitFor();
  await isWell(page, 'term-06-exam');
  const exam = await site.db.selectFrom('exams').selectAll().where('title', '=', title).executeTakeFirstOrThrow();
  expect(exam).toMatchObject({
    status: 'scheduled',
    starts_at: new Date(from),
    ends_at: new Date(until),
    duration_minutes: 60,
    max_attempts: 1,
    open_to: 'enrolled',
    staff_access: 'assigned',
    time_zone: 'Africa/Nairobi',
  });
  if (policy !== undefined) {
    const profile = await site.db
      .selectFrom('profiles')
      .select('name')
      .where('id', '=', exam.policy_profile_id)
      .executeTakeFirst();
    expect({ profile, version: exam.policy_profile_version }).toEqual({ profile: { name: policy }, version: 1 });
    expect(exam.policy.holds.noFace).toBe(5);
  }
  return exam.id;
}

export async function importRooms(site: TermSite, page: Page, exam: string, profile: string): Promise<void> {
  await link(page, 'Students').click();
  await link(page, 'Import or export').click();
  await chooseFile(page, 'rooms.csv', roomsFile(profile));
  await page.getByRole('heading', { name: 'Preview of rooms.csv' }).waitFor();
  await isWell(page, 'term-07-rooms-preview');
  await button(page, 'Import').click();
  await link(page, 'Show students of the exam').click();
  await page.getByRole('heading', { name: `Enrolled: ${PEOPLE} students` }).waitFor();
  await isWell(page, 'term-08-enrolled');
  const rows = await site.db
    .selectFrom('enrolments')
    .innerJoin('users', 'users.id', 'enrolments.student_id')
    .leftJoin('profiles', 'profiles.id', 'enrolments.accommodation_profile_id')
    .select(['users.student_number', 'enrolments.room', 'enrolments.seat', 'profiles.name'])
    .where('exam_id', '=', exam)
    .orderBy('users.student_number')
    .execute();
  expect(rows).toEqual(
    Array.from({ length: PEOPLE }, (_, index) => ({
      student_number: studentAt(index).number,
      room: roomOf(index),
      seat: String(Math.floor(index / 3) + 1),
      name: isAccommodated(index) && profile ? profile : null,
    })),
  );
}

/** A new member of staff, who sets a password with the link that the office hands over. */
export async function addStaff(
  site: TermSite,
  browser: Browser,
  page: Page,
  { email, name, role }: { readonly email: string; readonly name: string; readonly role: 'proctor' | 'reviewer' },
): Promise<void> {
  await section(page, 'People').click();
  await link(page, 'New person').click();
  await page.getByRole('heading', { name: 'New person' }).waitFor();
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Email', { exact: true }).fill(email);
  await page.getByRole('combobox', { name: 'Role', exact: true }).selectOption(role);
  await button(page, 'Create account').click();
  await button(page, 'Make a link').click();
  const address = await page.getByLabel('Link', { exact: true }).inputValue();
  await acceptInvitation(browser, address);
  expect(
    await site.db.selectFrom('users').select(['name', 'role']).where('email', '=', email).executeTakeFirst(),
  ).toEqual({ name, role });
}

export async function assignStaff(
  site: TermSite,
  page: Page,
  exam: string,
  people: readonly { readonly name: string; readonly room: (typeof ROOMS)[number] | undefined }[],
): Promise<void> {
  await page.goto(`${site.url}/admin#/exam/${exam}`);
  await link(page, 'Staff').click();
  for (const { name, room } of people) {
    await page.getByLabel('Assign to').selectOption({ label: room ? `Room ${room}` : 'Whole exam' });
    await page.getByLabel('Find a proctor or reviewer').fill(name);
    await button(page, `Assign: ${name}`).click();
    await page
      .getByRole('listitem')
      .filter({ hasText: name })
      .getByText(room ? `Room ${room}` : 'Whole exam')
      .waitFor();
  }
  await isWell(page, 'term-09-staff');
  const rows = await site.db
    .selectFrom('assignments')
    .innerJoin('users', 'users.id', 'assignments.user_id')
    .select(['users.name', 'assignments.room'])
    .where('exam_id', '=', exam)
    .orderBy('users.name')
    .execute();
  expect(rows).toEqual(
    people.map(({ name, room = null }) => ({ name, room })).toSorted((a, b) => a.name.localeCompare(b.name)),
  );
}
