import { parse } from 'csv-parse/sync';
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { waitFor } from '../server.ts';
import { isWell } from '../well.ts';
import { readSheet } from '../xlsx.ts';
import { sessionsOf, statusOf } from './exam-day.ts';
import { EXAM } from './office.ts';
import { button, inZone, link, logIn, newPage, savedBy } from './page-steps.ts';
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
  await student.getByText('No exams are available right now.').waitFor();
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
  await page.getByText(/^No concern, by .*: The invigilator was in the room$/).waitFor();
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

/** Both files have the sessions of the database, with times by the clock of the exam and the verdict. */
export async function exportResults(site: TermSite, page: Page, exam: string): Promise<void> {
  await link(page, 'Sessions').click();
  await page.getByRole('combobox', { name: 'Exam', exact: true }).selectOption({ label: EXAM });
  await page.getByRole('combobox', { name: 'Review', exact: true }).selectOption({ label: 'All' });
  const stored = await site.db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.student_id')
    .leftJoin('enrolments', (join) =>
      join
        .onRef('enrolments.exam_id', '=', 'sessions.exam_id')
        .onRef('enrolments.student_id', '=', 'sessions.student_id'),
    )
    .leftJoin('verdicts', 'verdicts.session_id', 'sessions.id')
    .select(['users.email', 'users.student_number', 'sessions.room', 'enrolments.seat', 'sessions.started_at'])
    .select([
      'sessions.end_reason',
      'sessions.risk_score',
      'sessions.reviewed_score',
      'verdicts.verdict',
      'sessions.id',
      'sessions.student_id',
    ])
    .where('sessions.exam_id', '=', exam)
    .execute();
  const expected = stored.map((row) =>
    [
      row.email,
      row.student_number,
      row.room,
      row.seat,
      inZone(row.started_at.getTime()),
      row.end_reason,
      row.risk_score,
      row.reviewed_score,
      row.verdict,
      row.id,
    ].map((cell) => String(cell ?? '')),
  );
  expect(expected).toHaveLength(2);
  const enrolled = await site.db.selectFrom('enrolments').select('student_id').where('exam_id', '=', exam).execute();
  const absent = enrolled.filter((one) => !stored.some(({ student_id }) => student_id === one.student_id));
  await page.getByRole('row').nth(2).waitFor();
  await isWell(page, 'term-42-sessions-of-exam');
  const csv = parse(await savedBy(page, 'Results as CSV'), { bom: true }).map((row) =>
    row.map((cell) => cell.replace(/^'/, '')),
  );
  const { rows } = await readSheet(await savedBy(page, 'Results as XLSX'));
  const [csvHeader, ...csvRows] = csv;
  const [xlsxHeader, ...xlsxRows] = rows;
  expect(xlsxHeader).toEqual(csvHeader);
  for (const [header, read] of [
    [csvHeader!, csvRows],
    [xlsxHeader as string[], xlsxRows],
  ] as const) {
    const sat = read.map((row) => shownIn(header, row)).filter((row) => row.at(-1) !== '');
    expect(sat.toSorted(byId)).toEqual(expected.toSorted(byId));
    // Who is enrolled and did not come has a row, too.
    expect(read.length - sat.length).toBe(absent.length);
  }
}

const COLUMNS = [
  'Email',
  'Student number',
  'Room',
  'Seat',
  'Start',
  'End reason',
  'Score',
  'Score after review',
  'Verdict',
  'Session id',
];

/** The id of the session is last. */
const byId = (a: readonly string[], b: readonly string[]) => a.at(-1)!.localeCompare(b.at(-1)!);

/** Cells of a row in the form of the database. */
function shownIn(header: readonly string[], row: readonly (string | number | undefined)[]): string[] {
  return COLUMNS.map((name) => {
    const cell = row[header.indexOf(name)] ?? '';
    if (name === 'Start') return minuteOf(cell);
    return ['End reason', 'Verdict'].includes(name) ? String(cell).toLowerCase().replaceAll(' ', '_') : String(cell);
  });
}

/** A workbook counts days from 1899-12-30. */
const minuteOf = (cell: string | number) =>
  typeof cell === 'number'
    ? new Date(Math.round((cell - 25_569) * 86_400_000)).toISOString().slice(0, 16)
    : cell.replace(' ', 'T').slice(0, 16);

/** Each act that matters is in the log, for the person who searches for the session's student. */
export async function readAuditLog(site: TermSite, office: Page, name: string, session: string): Promise<void> {
  await office.goto(`${site.url}/admin#/audit`);
  await office.getByLabel('Person', { exact: true }).fill(name);
  await button(office, `Show entries about ${name}`).click();
  const table = office.getByRole('region', { name: 'Entries' });
  const row = (text: string | RegExp) => table.getByRole('row').filter({ hasText: text }).first();
  for (const text of ['Student readmitted', 'Session continued', 'Verdict given: no concern'])
    await row(text).waitFor();
  await isWell(office, 'term-50-audit');
  const stored = await site.db
    .selectFrom('audit_entries')
    .select('event_type')
    .where('entity_type', '=', 'session')
    .where('entity_id', '=', session)
    .orderBy('position')
    .execute();
  const kinds = stored.map(({ event_type }) => event_type);
  for (const kind of ['SESSION_STARTED', 'COMMAND_GIVEN', 'STUDENT_READMITTED', 'SESSION_CONTINUED', 'VERDICT_GIVEN'])
    expect(kinds).toContain(kind);

  await office.goto(`${site.url}/admin#/audit`);
  await link(office, 'Exports and lookups').click();
  await table.getByRole('row').filter({ hasText: 'Rex Reviewer' }).first().waitFor();
  await isWell(office, 'term-51-audit-exports');
}
