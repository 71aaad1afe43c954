import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Conversation } from '../../../protocol/http/conversation.ts';
import { button } from '../term/page-steps.ts';
import { waitFor } from '../server.ts';
import { type Cast, EXAM } from './cast.ts';
import { messages, type Seat, shot, sitDown } from './pages.ts';
import type { StorySite } from './story-site.ts';

export const QUESTION = 'Question 3 names no court.';
export const ANSWER = 'Take the district court.';

/** The first student, on the exam page. */
export async function takeSeat(site: StorySite, camera: Browser, { students }: Cast): Promise<Seat> {
  const seat = await sitDown(site, camera, students[0]!, '/exam');
  const { page } = seat;
  await button(page, `Continue: ${EXAM}`).click();
  await button(page, 'Continue exam').click();
  await page.getByText('Connected', { exact: true }).waitFor();
  return seat;
}

/** A hand, a question, its answer, and what each of the two reads about the other having read it. */
export async function askAndAnswer(site: StorySite, cast: Cast, student: Page, anna: Page): Promise<void> {
  const { name, session } = cast.students[0]!;
  await anna.goto(`${site.url}/console#/exam/${cast.exam.id}`);
  await messages(student).getByText('Somebody of the staff is watching').waitFor();
  await messages(student).getByRole('button', { name: 'Raise hand' }).click();
  await messages(student).getByText('Your hand is raised.').waitFor();
  await messages(student).getByLabel('Message to staff').fill(QUESTION);
  await messages(student).getByRole('button', { name: 'Send' }).click();
  await messages(student).getByText('Sent', { exact: true }).waitFor();

  const waiting = anna.getByRole('region', { name: 'Waiting for an answer' });
  await waiting.getByText('1 unread message').waitFor();
  await expect.poll(() => anna.locator('.tile .picture.live').count(), { timeout: 120_000 }).toBeGreaterThan(15);
  await shot(anna, 'waiting');
  await waiting.getByRole('link', { name }).click();
  await messages(anna).getByText(QUESTION).waitFor();
  await messages(anna).getByLabel(`Message to ${name}`).fill(ANSWER);
  await messages(anna).getByRole('button', { name: 'Send' }).click();
  await messages(student).getByText(ANSWER).waitFor();
  for (const page of [student, anna])
    await messages(page)
      .getByText(/^Read \d\d:\d\d/)
      .first()
      .waitFor();
  await messages(anna).getByRole('button', { name: 'Lower the hand' }).click();
  await messages(student).getByRole('button', { name: 'Raise hand' }).waitFor();
  await button(student, 'OK').click();
  await shot(student, 'talk-student');
  await shot(anna, 'talk-session');
  expect(await wordsOf(site, session)).toMatchObject([
    { kind: 'hand_raised', from: 'student' },
    { kind: 'message', from: 'student', text: QUESTION, readAt: expect.any(String) },
    {
      kind: 'message',
      from: 'staff',
      text: ANSWER,
      deliveredAt: expect.any(String),
      readAt: expect.any(String),
    },
    { kind: 'hand_lowered', from: 'staff' },
  ]);
}

/** Of a message of staff that the student has, but has not read. */
export const isDelivered = (site: StorySite, session: string, text: string): Promise<void> =>
  waitFor('the message is delivered', async () =>
    (await wordsOf(site, session)).some((one) => one.text === text && one.deliveredAt !== null && one.readAt === null),
  );

export const wordsOf = async (site: StorySite, session: string): Promise<Conversation['items']> =>
  (await site.admin.get<Conversation>(`/api/sessions/${session}/conversation`)).items;
