import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Exam } from '../../protocol/http/exams.ts';
import type { Session } from '../../protocol/http/sessions.ts';
import type { Api } from '../support/api.ts';
import { seriousFaults } from '../support/axe.ts';
import { hasBrowser, launch } from '../support/browser.ts';
import { FORTY_NAMES } from '../support/forty-names.ts';
import { openConsole, tooWide } from '../support/pages.ts';
import { sendPictures } from '../support/picture-loop.ts';
import { greet, type RawSocket } from '../support/raw-socket.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';
import { wholeTiles } from '../support/whole-tiles.ts';

const SLOW = { timeout: 600_000 };
const skipped = hasBrowser ? '' : ' (skipped: no Chromium)';

interface Student {
  readonly api: Api;
  readonly name: string;
  readonly session: Session;
  readonly socket: RawSocket;
}

describe.runIf(hasBrowser)('a wall of forty students in two rooms', () => {
  let site: TestServer;
  let browser: Browser;
  let exam: Exam;
  let students: Student[];
  let page: Page;
  let stopCameras: (() => void) | undefined;
  beforeAll(async () => {
    site = await startTestServer();
    browser = await launch();
    exam = await site.admin.createExam({}, { title: 'Linear algebra', durationMinutes: 90 });
    students = [];
    for (const [n, name] of FORTY_NAMES.entries()) {
      const api = await site.student(name);
      const enrolment = { room: n < 20 ? 'A' : 'B', extraMinutes: n === 7 ? 15 : 0 };
      await site.admin.request('PUT', `/api/exams/${exam.id}/students/${api.userId}`, enrolment);
      const session = await api.startSession(exam.id);
      students.push({ api, name, session, socket: await greet(site.url, await api.examTicket(session.id)) });
    }
    stopCameras = sendPictures(
      students.map(({ socket }) => socket),
      [3, 5, 14, 20],
      2000,
    );
    for (const n of [1, 11, 25])
      for (let no = 1; no <= 4; no++)
        students[n]!.socket.send({ type: 'signal', seq: no, signal: 'TAB_SWITCH', at: new Date().toISOString() });
    // Open: a lost connection.
    students[5]!.socket.close();
    page = await openConsole(browser, site.url);
    await page.getByRole('link', { name: 'Linear algebra' }).click();
    await page.locator('.tile').nth(39).waitFor({ state: 'attached' });
  }, 600_000);
  afterAll(async () => {
    stopCameras?.();
    for (const { socket } of students ?? []) socket.close();
    await browser?.close();
    await site?.close();
  });

  const stored = (id: string) => site.admin.get<Session>(`/api/sessions/${id}`);
  const statuses = async () =>
    (await Promise.all(students.map(({ session }) => stored(session.id)))).map((one) => one.status);
  const count = (of: readonly string[], what: string) => of.filter((one) => one === what).length;
  const size = (name: 'Small' | 'Medium' | 'Large') => page.getByRole('button', { name: `${name} tiles` }).click();
  const checkbox = (name: string) => page.getByRole('checkbox', { name: `Select ${name}`, exact: true });
  const dialog = () => page.getByRole('dialog');

  const shot = async (name: string) => {
    if (process.env['TEST_SCREENSHOTS'])
      await page.screenshot({ path: `${process.env['TEST_SCREENSHOTS']}/${name}.png` });
  };

  test.each([
    [1280, 800, 15],
    [1920, 1080, 40],
  ])(
    `small tiles: at %i x %i at least %i are whole, with picture, name and attention${skipped}`,
    SLOW,
    async (width, height, least) => {
      await page.setViewportSize({ width, height });
      await size('Small');
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await expect
          .poll(() => page.locator('.tile .picture.live').count(), { timeout: 120_000 })
          .toBeGreaterThan(least - 3);
        await shot(`wall-small-${width}-${colorScheme}`);
        expect(await seriousFaults(page)).toEqual([]);
      }
      const seen = await wholeTiles(page);
      process.stderr.write(`small tiles at ${width}x${height}: ${seen.tiles} whole\n`);
      expect(seen.lacks).toEqual([]);
      expect(seen.tiles).toBeGreaterThanOrEqual(least);
      // The filters are in one row.
      const [search, room] = [page.getByLabel('Search'), page.getByRole('combobox', { name: 'Room' })];
      expect((await search.boundingBox())!.y).toBeCloseTo((await room.boundingBox())!.y, -1);
      const fold = page.getByRole('button', { name: 'Filters', exact: true });
      expect((await fold.boundingBox())!.width, 'the button is wider than its word').toBeGreaterThan(75);
      await page.emulateMedia({ colorScheme: 'light' });
    },
  );

  test(`the attention queue stays in view: above the tiles on a phone, beside them while they scroll${skipped}`, async () => {
    const queue = page.getByRole('region', { name: 'Needs attention' });
    await page.setViewportSize({ width: 390, height: 800 });
    await expect
      .poll(async () => (await queue.boundingBox())!.y - (await page.locator('.tile').first().boundingBox())!.y)
      .toBeLessThan(0);
    await page.setViewportSize({ width: 1280, height: 800 });
    await page
      .locator('.tile')
      .nth(20)
      .evaluate((tile) => tile.scrollIntoView({ block: 'center' }));
    const place = async () => (await queue.boundingBox())!;
    await expect.poll(async () => (await place()).y).toBeGreaterThanOrEqual(0);
    const { y, height } = await place();
    expect(y + height).toBeLessThanOrEqual(800);
    await page.evaluate('scrollTo(0, 0)');
  });

  test(
    `the size and the folded filters are remembered, and every width from 390 px on has them${skipped}`,
    SLOW,
    async () => {
      await size('Small');
      await page.getByRole('button', { name: 'Filters', exact: true }).click();
      await page.getByRole('combobox', { name: 'Room' }).waitFor({ state: 'hidden' });
      await page.reload();
      await page.locator('.tile').nth(39).waitFor({ state: 'attached' });
      expect(await page.getByRole('button', { name: 'Small tiles' }).getAttribute('aria-pressed')).toBe('true');
      await page.getByRole('combobox', { name: 'Room' }).waitFor({ state: 'hidden' });
      await page.getByRole('button', { name: 'Filters', exact: true }).click();
      for (const name of ['Small', 'Medium', 'Large'] as const)
        for (const width of [390, 768, 1280, 1920]) {
          await size(name);
          await page.setViewportSize({ width, height: 900 });
          expect(await tooWide(page), `${name} at ${width} px`).toEqual([]);
          if (width === 390 || width === 1280) await shot(`wall-${name}-${width}`);
        }
      expect(await seriousFaults(page)).toEqual([]);
      await page.setViewportSize({ width: 1280, height: 800 });
    },
  );

  test(
    `no tile contradicts itself: picture, line below and badge say the same of each student${skipped}`,
    SLOW,
    async () => {
      await size('Medium');
      const texts = await page.locator('.tile').evaluateAll((tiles) =>
        tiles.map((tile) => ({
          name: tile.querySelector('.tile-name')!.textContent,
          line: tile.querySelector('.tile-line')!.textContent,
          picture: tile.querySelector('.picture')!.className,
          none: tile.querySelector('.picture > .muted')?.textContent ?? '',
        })),
      );
      for (const { name, line, picture, none } of texts) {
        const isLive = line.includes('live image');
        const says = `${name}: ${line} / ${picture} / ${none}`;
        if (picture.includes('live')) expect(line, says).toMatch(/live image|last image/);
        if (none === 'Waiting for an image') expect(line, says).toContain('no image yet');
        if (none === 'Not connected') expect(isLive, says).toBe(false);
        if (isLive) expect(['', 'Loading the image'], says).toContain(none);
      }
      await page.getByText('+15 min').first().waitFor();
    },
  );

  test(
    `a fire alarm pauses everybody in two clicks, and two more end it with the pause added${skipped}`,
    SLOW,
    async () => {
      await size('Small');
      const deadline = Date.parse(students[0]!.session.deadline!);
      await page.getByRole('button', { name: 'Pause everybody' }).click();
      await dialog().getByText('Exam: Linear algebra').waitFor();
      await shot('wall-alarm');
      await dialog().getByRole('button', { name: 'Pause 40 students' }).click();
      await dialog().getByText('Paused: 40 students.').waitFor();
      expect(count(await statuses(), 'paused')).toBe(40);
      expect(await students[0]!.socket.next('paused')).toMatchObject({ reason: expect.stringContaining('Fire alarm') });
      await dialog().getByRole('button', { name: 'Close' }).click();
      await expect.poll(() => page.locator('.tile-line').filter({ hasText: 'Paused' }).count()).toBe(40);
      await shot('wall-paused');
      await page.getByRole('button', { name: 'Resume everybody' }).click();
      await dialog().getByRole('button', { name: 'Resume 40 students' }).click();
      await dialog().getByText('Resumed: 40 students.').waitFor();
      await dialog().getByRole('button', { name: 'Close' }).click();
      const extended = await students[0]!.socket.next('extended');
      expect(Date.parse(String(extended['deadline']))).toBe(deadline + Number(extended['pausedMs']));
      expect(count(await statuses(), 'active')).toBe(40);
    },
  );

  test(
    `tiles are selected one by one, in a range, and by filter; the command reaches these and no others${skipped}`,
    SLOW,
    async () => {
      await checkbox(students[2]!.name).click();
      await checkbox(students[6]!.name).click({ modifiers: ['Shift'] });
      await page.getByText('5 students selected').waitFor();
      // By keyboard.
      await checkbox(students[4]!.name).focus();
      await page.keyboard.press('Space');
      await page.getByText('4 students selected').waitFor();
      await shot('wall-selected');
      expect(await seriousFaults(page)).toEqual([]);
      await page.getByRole('button', { name: 'Message', exact: true }).click();
      await dialog().getByRole('textbox', { name: 'Message to the students' }).fill('Ten minutes left');
      await dialog().getByRole('button', { name: 'Send a message to 4 students' }).click();
      await dialog().getByText('Sent to 4 students.').waitFor();
      await dialog().getByRole('button', { name: 'Close' }).click();
      const messaged = async (n: number) =>
        (await students[n]!.api.events(students[n]!.session.id)).some(({ type }) => type === 'PROCTOR_MESSAGE');
      expect(await Promise.all([1, 2, 3, 4, 5, 6, 7].map(messaged))).toEqual([
        false,
        true,
        true,
        false,
        true,
        true,
        false,
      ]);

      await page.getByRole('combobox', { name: 'Room' }).selectOption('B');
      await page.getByRole('button', { name: 'Select the 20 that match' }).click();
      await page.getByText('20 students selected').waitFor();
      await page.getByRole('button', { name: 'Extend', exact: true }).click();
      await dialog().getByRole('spinbutton', { name: 'Minutes' }).fill('10');
      await dialog().getByRole('button', { name: 'Extend the time of 20 students' }).click();
      await dialog().getByText('Extended: 20 students.').waitFor();
      await dialog().getByRole('button', { name: 'Close' }).click();
      const extended = async (n: number) =>
        (await students[n]!.api.events(students[n]!.session.id)).some(({ type }) => type === 'SESSION_EXTENDED');
      expect(await extended(19)).toBe(false);
      expect(await extended(20)).toBe(true);
      expect(await extended(39)).toBe(true);
      await page.getByRole('button', { name: 'Clear filters' }).click();
    },
  );

  test(`students whom a command did not reach are listed by name with the reason${skipped}`, SLOW, async () => {
    for (const n of [30, 31, 32]) await checkbox(students[n]!.name).click();
    await page.getByRole('button', { name: 'End exam', exact: true }).click();
    await dialog().getByRole('textbox', { name: 'Reason (shown to the students)' }).fill('The exam is cancelled');
    // One of them hands in at the same moment.
    await students[31]!.api.post(`/api/sessions/${students[31]!.session.id}/end`);
    await dialog().getByRole('button', { name: 'End the exam for 3 students' }).click();
    await dialog().getByText('Ended: 2 students.').waitFor();
    await dialog().getByText(students[31]!.name).waitFor();
    await shot('wall-partial');
    // Trying again would end nothing.
    expect(
      await dialog()
        .getByRole('button', { name: /^Try again/ })
        .count(),
    ).toBe(0);
    await dialog().getByRole('button', { name: 'Close' }).click();
    await waitFor('the ends', async () => count(await statuses(), 'ended') === 3);
    expect((await stored(students[30]!.session.id)).endReason).toBe('terminated');
    expect((await stored(students[31]!.session.id)).endReason).toBe('ended');
  });
});
