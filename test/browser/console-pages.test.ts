import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { clips } from '../../simulator/draw/clips.ts';
import { createScene } from '../../simulator/draw/scene.ts';
import type { Event } from '../../protocol/events.ts';
import { startAttempt } from '../support/attempt.ts';
import { COLOUR_RULES, seriousFaults } from '../support/axe.ts';
import { hasBrowser, launch } from '../support/browser.ts';
import { openConsole, screenshots, shoot, tooWide, watchPage } from '../support/pages.ts';
import type { RawSocket } from '../support/raw-socket.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';

let site: TestServer;
let browser: Browser;
beforeAll(async () => {
  if (!hasBrowser) return;
  site = await startTestServer({ vision: true });
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

const SLOW = { timeout: 240_000 };
const skipped = hasBrowser ? '' : ' (skipped: no Chromium)';

/** Sends pictures twice a second until stopped. `show` selects their content. */
function stream(socket: RawSocket, seed: number): { show: (clip: 'attentive' | 'empty') => void; stop: () => void } {
  const pictures = clips(createScene(seed));
  let shown: 'attentive' | 'empty' = 'attentive';
  let seq = 0;
  const timer = setInterval(() => {
    if (socket.isOpen) socket.sendFrame(++seq, pictures[shown][seq % pictures[shown].length]!);
  }, 500);
  return { show: (clip) => void (shown = clip), stop: () => clearInterval(timer) };
}

const tileOf = (page: Page, name: string) =>
  page.getByRole('list', { name: 'Sessions' }).getByRole('listitem').filter({ hasText: name });

test.runIf(hasBrowser)(`a proctor finds, helps, ends, reviews and judges a session${skipped}`, SLOW, async () => {
  const attempt = await startAttempt(site, { holds: { noFace: 1 } }, { title: 'Geometry', durationMinutes: 60 });
  const socket = await attempt.connect();
  const camera = stream(socket, 5);
  const page = await openConsole(browser, site.url);
  const seen = watchPage(page, site.url);
  try {
    // Exams with their current activity, then the wall.
    await page.getByRole('listitem').filter({ hasText: 'Geometry' }).getByText('1 running, 1 connected').waitFor();
    await shoot(page, 'exams');
    await page.getByRole('link', { name: 'Geometry' }).click();
    const tile = tileOf(page, 'Student');
    await tile.locator('canvas').waitFor();
    const queue = page.getByRole('region', { name: 'Needs attention' });
    await queue.getByText('No sessions right now').waitFor();

    // The queue lists the session that needs attention, with a link to it.
    camera.show('empty');
    await tile.getByText('No face detected').waitFor();
    await queue.getByRole('link', { name: 'Student' }).waitFor();
    await shoot(page, 'wall');
    camera.show('attentive');
    await queue.getByRole('link', { name: 'Student' }).click();
    await page.getByRole('heading', { name: 'Student', exact: true }).waitFor();
    await page.locator('.overlay rect').first().waitFor({ state: 'attached' });
    await page.getByText(/One face; head/).waitFor();
    await page.getByText(/images\/s/).waitFor();

    // A message, a pause and extra time: each reaches the student's socket and is recorded.
    const button = (name: string) => page.getByRole('button', { name, exact: true });
    await button('Message').click();
    await page.locator('dialog[open]').getByLabel('Message to the student').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await button('Message').and(page.locator(':focus')).waitFor();
    await button('Message').click();
    await page.getByLabel('Message to the student').fill('Please stay in the frame.');
    await shoot(page, 'session-message');
    await page.getByRole('dialog').getByRole('button', { name: 'Send', exact: true }).click();
    expect(await socket.next('notice')).toMatchObject({ text: 'Please stay in the frame.' });
    await page.getByText(/Message sent. Recorded at/).waitFor();
    await button('Pause').click();
    await page.getByLabel('Reason (optional)').fill('a fire drill');
    await button('Pause exam').click();
    expect(await socket.next('paused')).toMatchObject({ reason: 'a fire drill' });
    await button('Resume').click();
    await socket.next('resumed');
    await button('Extend').click();
    await page.getByLabel('Minutes').fill('15');
    await button('Extend time').click();
    await socket.next('extended');
    await page.getByText(/Time extended. Recorded at/).waitFor();
    for (const seq of [1, 2])
      socket.send({ type: 'signal', seq, signal: 'TAB_SWITCH', at: '2026-01-01T10:00:00.000Z' });
    await page.getByText('Left the exam tab or minimised the window').first().waitFor();
    await shoot(page, 'session');
    await button('End exam').click();
    await page.getByLabel('Reason (shown to the student)').fill('left the room');
    await button('End exam for this student').click();
    expect(await socket.next('ended')).toMatchObject({ reason: 'terminated' });
    await page.getByText(/Ended at/).waitFor();
    await page.getByText('The session has ended.').waitFor();
    await shoot(page, 'session-ended');

    // The review by keyboard alone: dismissed with a reason, reopened, dismissed again.
    const { id } = attempt.session;
    await page.goto(`${site.url}/console#/session/${id}/review`);
    await page
      .getByText(/not reviewed/)
      .first()
      .waitFor();
    await shoot(page, 'review');
    const current = page.locator('.incident[aria-current]');
    await current.waitFor();
    await page.keyboard.press('j');
    await expect.poll(() => current.textContent()).toContain('Left the exam tab or minimised the window');
    await page.keyboard.press('k');
    await expect.poll(() => current.textContent()).toContain('No face detected');
    await page.getByRole('img', { name: /^Image: At the start/ }).waitFor();
    await page.keyboard.press('d');
    await page.getByLabel('Reason', { exact: true }).and(page.locator(':focus')).waitFor();
    await page.keyboard.type('dropped a pen');
    await shoot(page, 'review-dismiss');
    await page.keyboard.press('Enter');
    await page.getByText('No face detected: Dismissed').waitFor();
    const review = async () => (await site.admin.events(id)).find(({ type }) => type === 'NO_FACE')!.review;
    expect(await review()).toBe('dismissed');
    // The selection moved on to the next open incident.
    await expect.poll(() => current.textContent()).toContain('Left the exam tab or minimised the window');
    await page.keyboard.press('u');
    await page.getByText('No face detected: Reopened').waitFor();
    expect(await review()).toBeNull();
    await expect.poll(() => current.textContent()).toContain('No face detected');
    await page.keyboard.press('d');
    await page.keyboard.type('dropped a pen, seen again');
    await page.keyboard.press('Enter');
    await waitFor('dismissed again', async () => (await review()) === 'dismissed');
    const noFace = (await site.admin.events(id)).find(({ type }) => type === 'NO_FACE')!;
    const reviews = await site.admin.get<{ items: { decision: string; reason: string }[] }>(
      `/api/events/${noFace.id}/reviews`,
    );
    expect(reviews.items.map(({ decision }) => decision)).toEqual(['dismissed', 'reopened', 'dismissed']);
    expect(reviews.items[2]!.reason).toBe('dropped a pen');

    // The verdict is a person's, with a reason.
    await page.getByLabel('No concern').check();
    await page.getByLabel('Reason for the verdict').fill('a pen fell down');
    await page.getByRole('button', { name: 'Submit verdict' }).click();
    await page.locator('.note').filter({ hasText: 'a pen fell down' }).waitFor();
    await shoot(page, 'review-verdict');

    // The report contains all of it.
    await page.getByRole('link', { name: 'Report' }).click();
    const report = page.getByRole('article');
    await report.getByRole('img', { name: /^Image: At the start/ }).waitFor();
    await report.getByText('with the hash').waitFor();
    const text = (await report.textContent()) ?? '';
    // The newest entry when it was created: viewing the pictures is recorded after it.
    const chain = await site.admin.get<{ items: { hash: string; eventType: string }[] }>(
      `/api/blockchain/attempt/${id}?limit=200`,
    );
    const shown = chain.items.findIndex(({ hash }) => text.includes(hash));
    expect(shown).toBeGreaterThanOrEqual(chain.items.findIndex(({ eventType }) => eventType === 'VERDICT_GIVEN'));
    for (const words of [
      'Geometry',
      'No face detected',
      'dropped a pen, seen again',
      'No concern',
      'a pen fell down',
      'Please stay in the frame.',
      'left the room',
      id,
    ])
      expect(text).toContain(words);
    await shoot(page, 'report');
    await page.emulateMedia({ media: 'print' });
    await page.screenshot({ path: join(screenshots, 'report-print.png'), fullPage: true });
    await page.pdf({
      path: join(screenshots, 'report.pdf'),
      format: 'A4',
      printBackground: true,
      margin: { top: '15mm', bottom: '15mm', left: '15mm', right: '15mm' },
    });
    await expect.poll(() => page.locator('.top').isVisible()).toBe(false);
    await page.emulateMedia({ media: 'screen' });
    expect(seen).toEqual({ foreign: [], errors: [] });
  } finally {
    camera.stop();
    socket.close();
    await page.close();
  }
});

test.runIf(hasBrowser)(
  `seats stay in place, names and pictures can be hidden, keys can be changed, and a filter moves no tile${skipped}`,
  SLOW,
  async () => {
    const exam = await site.admin.createExam({}, { title: 'Many' });
    const start = async (name: string, room?: string) => {
      const student = await site.student(name);
      if (room) await site.admin.request('PUT', `/api/exams/${exam.id}/students/${student.userId}`, { room });
      const session = await student.startSession(exam.id);
      return {
        student,
        session,
        report: (type: string) => student.post<Event>('/api/proctoring/event', { sessionId: session.id, type }),
      };
    };
    const [ada, ben, cleo] = [
      await start('Ada'),
      await start('Ben', 'Room 10'),
      await start('Cleo', 'ROOM 2, WEST WING, SECOND FLOOR, LEFT OF THE MAIN STAIRCASE'),
    ];
    const page = await openConsole(browser, site.url);
    try {
      // An unknown session, and a wall without sessions.
      await page.goto(`${site.url}/console#/session/01a20128-b3ea-75c2-965a-5ede413d3d6b`);
      await page.getByText('Not found.').waitFor();
      await shoot(page, 'session-missing');
      const empty = await site.admin.createExam({}, { title: 'Empty' });
      await page.goto(`${site.url}/console#/exam/${empty.id}`);
      await page.getByText('No sessions yet.').waitFor();
      await shoot(page, 'wall-empty');
      await page.goto(`${site.url}/console#/`);
      await page.getByRole('link', { name: 'Many' }).click();
      const names = () => page.locator('.tile-name').allTextContents();
      await expect.poll(names).toEqual(['Ada', 'Ben', 'Cleo']);

      // The highest attention comes first in the queue; no tile of the wall moves.
      for (let i = 0; i < 7; i++) await cleo.report('TAB_SWITCH');
      await ben.report('TAB_SWITCH');
      await ben.report('TAB_SWITCH');
      const queue = page.getByRole('region', { name: 'Needs attention' });
      await queue.getByRole('link', { name: 'Ben' }).waitFor();
      await expect.poll(() => queue.getByRole('link').allTextContents()).toEqual(['Cleo', 'Ben']);
      expect(await names()).toEqual(['Ada', 'Ben', 'Cleo']);
      await expect.poll(() => page.title()).toBe('(1) Proctor console · Invigil');
      await page.getByLabel('Count in tab title').uncheck();
      await expect.poll(() => page.title()).toBe('Proctor console · Invigil');
      await queue.getByRole('button', { name: 'Mark seen: Cleo' }).click();
      await expect.poll(() => queue.getByRole('link').allTextContents()).toEqual(['Ben']);

      // Back from a session, focus and filter are unchanged.
      await page.getByLabel('Search').fill('en');
      await expect.poll(names).toEqual(['Ben']);
      await page.getByRole('link', { name: 'Ben' }).first().click();
      await page.getByRole('heading', { name: 'Ben' }).waitFor();
      await page.getByRole('navigation', { name: 'Session' }).getByRole('link', { name: 'Many' }).click();
      await expect.poll(names).toEqual(['Ben']);
      await expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe('Ben');
      await page.getByRole('button', { name: 'Clear filters' }).click();
      await expect.poll(names).toEqual(['Ada', 'Ben', 'Cleo']);

      // A student who ends keeps their seat until dismissed.
      await ada.student.post(`/api/sessions/${ada.session.id}/end`);
      const left = page.getByRole('listitem').filter({ hasText: 'Ada' });
      await left.getByText(/Ended at/).waitFor();
      expect(await names()).toEqual(['Ada', 'Ben', 'Cleo']);
      await left.getByRole('button', { name: 'Remove' }).click();
      await expect.poll(names).toEqual(['Ben', 'Cleo']);
      await page.getByText('Empty', { exact: true }).waitFor();
      await start('Dana');
      // The feed has nothing of a session without events; a snapshot does.
      await page.reload();
      await expect.poll(names).toEqual(['Ben', 'Cleo', 'Dana']);

      await page.getByRole('combobox', { name: /^Attention/ }).selectOption('High');
      await expect.poll(names).toEqual(['Cleo']);
      await page.getByRole('combobox', { name: /^Attention/ }).selectOption('');
      const rooms = page.getByLabel('Room');
      await expect
        .poll(() => rooms.locator('option').allTextContents())
        .toEqual(['Room: all', 'ROOM 2, WEST WING, SECOND FLOOR, LEFT OF THE MAIN STAIRCASE', 'Room 10']);
      await rooms.selectOption('Room 10');
      await expect.poll(names).toEqual(['Ben']);
      await page.getByRole('listitem').filter({ hasText: 'Ben' }).first().getByText('Room: Room 10').waitFor();
      await rooms.selectOption('');
      await expect.poll(names).toEqual(['Ben', 'Cleo', 'Dana']);
      await shoot(page, 'wall-rooms');
      await page.setViewportSize({ width: 640, height: 800 });
      expect(await tooWide(page)).toEqual([]);
      await page.setViewportSize({ width: 1280, height: 800 });
      await page.getByLabel('Search').fill('dan');
      await expect.poll(names).toEqual(['Dana']);
      await page.getByRole('button', { name: 'Clear filters' }).click();
      await page.getByLabel('Hide names').check();
      await expect
        .poll(async () => (await names()).filter((name) => /^[A-Z][a-z]+ [A-Z][a-z]+ \d{3}$/.test(name)).length)
        .toBe(3);
      await page.getByLabel('Camera images').selectOption('blurred');
      await shoot(page, 'wall-hidden');
      await expect.poll(() => page.textContent('main')).not.toContain('Cleo');

      // Settings persist after a reload; single-key shortcuts can be changed or disabled.
      await page.goto(`${site.url}/console#/session/${cleo.session.id}/review`);
      await page.reload();
      await page.locator('.incident[aria-current]').waitFor();
      expect(await page.textContent('main')).not.toContain('Cleo');
      await page.getByRole('button', { name: 'Edit shortcuts' }).click();
      await page.getByLabel('Dismiss').fill('q');
      await page.getByLabel('Next', { exact: true }).fill('q');
      await page.getByText(/is assigned to both/).waitFor();
      await page.getByLabel('Next', { exact: true }).fill('y');
      await shoot(page, 'review-keys');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      // The new key first: once it works the old one must not.
      await expect.poll(async () => (await page.keyboard.press('q'), page.getByRole('dialog').count())).toBe(1);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.keyboard.press('d');
      await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
      await page.getByRole('button', { name: 'Edit shortcuts' }).click();
      await page.getByLabel('Enable single-key shortcuts').uncheck();
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.keyboard.press('q');
      await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    } finally {
      await page.close();
    }
  },
);

test.runIf(hasBrowser)(
  `axe finds no serious violation on any page, and none scrolls horizontally at 200 % zoom${skipped}`,
  SLOW,
  async () => {
    const attempt = await startAttempt(site, {}, { title: 'Accessible', durationMinutes: 60 });
    const socket = await attempt.connect();
    await attempt.student.post('/api/proctoring/event', { sessionId: attempt.session.id, type: 'TAB_SWITCH' });
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const found: Record<string, string[]> = {};
    const look = async (name: string) => {
      for (const [colorScheme, rules] of [['light'], ['dark', COLOUR_RULES]] as const) {
        await page.emulateMedia({ colorScheme });
        const faults = await seriousFaults(page, rules);
        if (faults.length > 0) found[`${name}, ${colorScheme}`] = faults;
      }
      await page.setViewportSize({ width: 640, height: 800 });
      const wide = await tooWide(page);
      if (wide.length > 0) found[`${name}, width`] = wide;
      await page.setViewportSize({ width: 1280, height: 800 });
    };
    try {
      for (const [path, ready] of [
        ['/', 'Invigil'],
        ['/setup', ''],
        ['/docs', ''],
        ['/exam', ''],
        ['/console', 'Log in as a proctor or reviewer'],
      ] as const) {
        await page.goto(site.url + path);
        await page.locator('#app *').first().waitFor();
        if (ready) await page.getByText(ready).first().waitFor();
        await look(path);
        await shoot(page, `page-${path.slice(1) || 'home'}`, { fullPage: false });
      }
      await page.getByLabel('Email').fill('admin@example.org');
      await page.getByLabel('Password').fill('a password for tests');
      await page.getByRole('button', { name: 'Log in' }).click();
      await page.getByRole('link', { name: 'Accessible' }).waitFor();
      await look('exams');
      await page.getByRole('link', { name: 'Accessible' }).click();
      await page.locator('.tile').waitFor();
      await look('wall');
      await page.locator('.tile-name').click();
      await page.getByRole('button', { name: 'Message' }).waitFor();
      await look('session');
      await page.getByRole('button', { name: 'End exam' }).click();
      await page.getByRole('dialog').waitFor();
      await look('terminate');
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.getByRole('link', { name: 'Review' }).click();
      await page.locator('.incident[aria-current]').waitFor();
      await look('review');
      await page.keyboard.press('d');
      await page.getByRole('dialog').waitFor();
      await look('dismiss');
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.getByRole('link', { name: 'Report' }).click();
      await page.getByRole('article').waitFor();
      await look('report');
      expect(found).toEqual({});
    } finally {
      socket.close();
      await page.close();
    }
  },
);
