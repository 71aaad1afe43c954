import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { shoot } from '../pages.ts';
import { link } from '../term/page-steps.ts';
import { wholeTiles } from '../whole-tiles.ts';
import { type Cast, EXAM } from './cast.ts';
import { dialog, openStaffPage, queued, type Seat, shot, tile } from './pages.ts';
import type { Account, StorySite } from './story-site.ts';

/** What staff do while everything is calm: look, share what they have seen, and divide the work. */

/** The wall of a person, in small tiles, with as many students as it is for. */
export async function openWall(site: StorySite, browser: Browser, person: Account, students: number): Promise<Seat> {
  const seat = await openStaffPage(site, browser, person);
  await link(seat.page, EXAM).click();
  await seat.page
    .locator('.tile')
    .nth(students - 1)
    .waitFor({ state: 'attached' });
  await seat.page.getByRole('button', { name: 'Small tiles' }).click();
  return seat;
}

export async function seeEverybody(page: Page): Promise<void> {
  for (const [width, height, least] of [
    [1280, 800, 15],
    [1920, 1080, 40],
  ] as const) {
    await page.setViewportSize({ width, height });
    // Pictures are asked for while they are in sight.
    await expect
      .poll(() => page.locator('.tile .picture.live').count(), { timeout: 120_000 })
      .toBeGreaterThanOrEqual(least);
    const { tiles, lacks } = await wholeTiles(page);
    process.stderr.write(`whole tiles at ${width}x${height}: ${tiles}\n`);
    expect(lacks).toEqual([]);
    expect(tiles, `${width} x ${height}`).toBeGreaterThanOrEqual(least);
    await shoot(page, 'story-wall', { fullPage: false, widths: [width], height });
  }
  await page.setViewportSize({ width: 1280, height: 800 });
}

/** Each proctor has their own room in sight, and nobody else. */
export async function seeOneRoom({ students }: Cast, page: Page, room: 'A' | 'B'): Promise<void> {
  const shown = await page.locator('.tile-name').allInnerTexts();
  const own = students.filter((student) => student.room === room).map(({ name }) => name);
  expect(shown.toSorted()).toEqual(own.toSorted());
}

/** Marks of having seen something belong to the exam: what one has seen, all who may see it have. */
export async function shareSeen(site: StorySite, cast: Cast, anna: Page, mona: Page): Promise<void> {
  const student = cast.students[2]!;
  const api = await site.as(student);
  const report = (type: string) => api.post('/api/proctoring/event', { sessionId: student.session, type });
  for (let i = 0; i < 4; i++) await report('TAB_SWITCH');
  for (const page of [anna, mona]) await queued(page, student.name).waitFor();
  await queued(anna, student.name).getByRole('button', { name: 'Mark seen' }).click();
  await expect.poll(() => queued(mona, student.name).count(), { timeout: 60_000 }).toBe(0);
  await tile(mona, student.name).getByText(`Seen by ${cast.anna.name}`).waitFor({ state: 'attached' });
  await report('SECOND_SCREEN');
  for (const page of [anna, mona]) await queued(page, student.name).waitFor();
}

/** A session is taken, handed over to somebody who may see it, and noted about. */
export async function divideWork(cast: Cast, anna: Page, mona: Page, note: string): Promise<void> {
  const { name } = cast.students[3]!;
  await openSession(anna, name);
  await tile(mona, name).locator('.team-mark.viewers').waitFor();
  await anna.keyboard.press('t');
  await anna.getByText('You look after this session since').waitFor();
  await tile(mona, name).getByText(`${cast.anna.name} looks after it`).waitFor({ state: 'attached' });
  await anna.keyboard.press('h');
  const colleagues = dialog(anna).getByLabel('Colleague');
  await colleagues.locator('option').filter({ hasText: cast.manager.email }).waitFor({ state: 'attached' });
  const people = await colleagues.locator('option').allTextContents();
  expect(
    people.some((text) => text.includes(cast.ben.email)),
    'the proctor of another room',
  ).toBe(false);
  await colleagues.selectOption(people.find((text) => text.includes(cast.manager.email))!);
  await shot(anna, 'hand-over');
  await dialog(anna).getByRole('button', { name: 'Hand over' }).click();
  await anna.getByText(`${cast.manager.name} looks after this session since`).waitFor();
  await tile(mona, name).locator('.team-mark.mine').waitFor();
  await anna.keyboard.press('n');
  await anna.keyboard.type(note);
  await anna.getByRole('button', { name: 'Add note' }).click();
  await anna.locator('.notes').getByText(note).waitFor();
  await tile(mona, name).locator('.team-mark.notes').waitFor();
}

/** From the wall to a session. */
async function openSession(page: Page, name: string): Promise<void> {
  await tile(page, name).locator('.tile-name').click();
  await page.getByRole('heading', { name, level: 1 }).waitFor();
}
