import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { waitFor } from '../server.ts';
import type { Cast } from './cast.ts';
import { closeDialog, dialog, messages, shot } from './pages.ts';
import type { StorySite } from './story-site.ts';
import { isDelivered, wordsOf } from './talk.ts';

export const GATHER = 'Gather at the car park. You can answer here.';
export const OUTSIDE = 'I am outside.';
const EXTRA_MINUTES = 10;

const sessionsOf = (site: StorySite, { exam }: Cast) =>
  site.db.selectFrom('sessions').selectAll().where('exam_id', '=', exam.id).execute();

/** A fire alarm: everybody stops, is told where to go, and gets the time back. */
export async function soundAlarm(site: StorySite, cast: Cast, student: Page, mona: Page, ben: Page): Promise<void> {
  const { students } = cast;
  const before = new Map((await sessionsOf(site, cast)).map(({ id, deadline }) => [id, deadline!.getTime()]));

  // Two clicks.
  await mona.getByRole('button', { name: 'Pause everybody' }).click();
  await shot(mona, 'alarm');
  await dialog(mona).getByRole('button', { name: 'Pause 40 students' }).click();
  await dialog(mona).getByText('Paused: 40 students.').waitFor();
  expect((await sessionsOf(site, cast)).map(({ status }) => status)).toEqual(students.map(() => 'paused'));
  await closeDialog(mona);
  await student.getByText('A proctor has paused the exam: Fire alarm').first().waitFor();
  await expect.poll(() => ben.locator('.tile-line').filter({ hasText: 'Paused' }).count()).toBe(20);
  await shot(student, 'alarm-student');

  // A message reaches everybody, and is answered during the pause.
  await mona.getByRole('button', { name: 'Select all 40' }).click();
  await mona.getByRole('button', { name: 'Message', exact: true }).click();
  await dialog(mona).getByRole('textbox', { name: 'Message to the students' }).fill(GATHER);
  await dialog(mona).getByRole('button', { name: 'Send a message to 40 students' }).click();
  await dialog(mona).getByText('Sent to 40 students.').waitFor();
  await closeDialog(mona);
  await messages(student).getByText(GATHER).waitFor();
  await messages(student).getByLabel('Message to staff').fill(OUTSIDE);
  await messages(student).getByRole('button', { name: 'Send' }).click();
  await waitFor('the answer', async () =>
    (await wordsOf(site, students[0]!.session)).some(({ text }) => text === OUTSIDE),
  );
  for (const { session } of students.slice(1)) await isDelivered(site, session, GATHER);

  // One of them hands in while the manager resumes everybody: named, with the reason.
  const leaving = students[39]!;
  await mona.getByRole('button', { name: 'Select all 40' }).click();
  await mona.getByRole('button', { name: 'Resume', exact: true }).click();
  await (await site.as(leaving)).post(`/api/sessions/${leaving.session}/end`);
  await dialog(mona).getByRole('button', { name: 'Resume 40 students' }).click();
  await dialog(mona).getByText('Resumed: 39 students.').waitFor();
  await dialog(mona).getByText('Without effect for 1 student:').waitFor();
  await dialog(mona).getByText(leaving.name).waitFor();
  await shot(mona, 'resumed-but-one');
  await closeDialog(mona);
  await student
    .getByText(/The exam has resumed\. The pause of .* was added to your time/)
    .first()
    .waitFor();
  await shot(student, 'resumed-student');

  // The proctor of room B gives more time for the way back.
  await ben.getByRole('button', { name: 'Select all 19' }).click();
  await ben.getByRole('button', { name: 'Extend', exact: true }).click();
  await dialog(ben).getByRole('spinbutton', { name: 'Minutes' }).fill(String(EXTRA_MINUTES));
  await dialog(ben).getByRole('button', { name: 'Extend the time of 19 students' }).click();
  await dialog(ben).getByText('Extended: 19 students.').waitFor();
  await closeDialog(ben);
  await expectDeadlines(site, cast, before, leaving.session);
}

/** Each deadline has moved by the pause, and in room B by the minutes. */
async function expectDeadlines(
  site: StorySite,
  cast: Cast,
  before: ReadonlyMap<string, number>,
  left: string,
): Promise<void> {
  const resumed = await site.db.selectFrom('events').selectAll().where('type', '=', 'SESSION_RESUMED').execute();
  const paused = new Map(resumed.map(({ session_id, details }) => [session_id, Number(details['pausedMs'])]));
  expect(paused.size).toBe(39);
  for (const { id, deadline, room } of await sessionsOf(site, cast)) {
    if (id === left) continue;
    const extra = room === 'B' ? EXTRA_MINUTES * 60_000 : 0;
    expect(paused.get(id)).toBeGreaterThan(0);
    expect(deadline!.getTime()).toBe(before.get(id)! + paused.get(id)! + extra);
  }
}
