import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Event } from '../../protocol/events.ts';
import type { Exam } from '../../protocol/http/exams.ts';
import type { SessionNote } from '../../protocol/http/team.ts';
import type { Session } from '../../protocol/http/sessions.ts';
import type { Api } from '../support/api.ts';
import { seriousFaults } from '../support/axe.ts';
import { hasBrowser, launch } from '../support/browser.ts';
import { openAdmin, openConsole, shoot, tooWide } from '../support/pages.ts';
import { sendPictures } from '../support/picture-loop.ts';
import { greet, type RawSocket } from '../support/raw-socket.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const SLOW = { timeout: 600_000 };
const PASSWORD = 'violet harbour 93';
const skipped = hasBrowser ? '' : ' (skipped: no Chromium)';
const NAMES = ['Amara Okafor', 'Benedikt Ng', 'Chiara Carvalho', 'Daniel Ito', 'Elif Aydin', 'Farid Haddad'];

interface Student {
  readonly api: Api;
  readonly name: string;
  readonly session: Session;
  readonly socket: RawSocket;
}

/** The wall and the pages of two proctors of one exam. */
describe.runIf(hasBrowser)('two proctors who share an exam', () => {
  let site: TestServer;
  let browser: Browser;
  let exam: Exam;
  let students: Student[];
  let anna: Page;
  let ben: Page;
  let stopCameras: (() => void) | undefined;

  async function proctor(name: string): Promise<Page> {
    const email = `${name.split(' ')[0]!.toLowerCase()}@example.org`;
    await site.admin.post('/api/users', { email, password: PASSWORD, name, role: 'proctor' });
    const page = await openConsole(browser, site.url, email, PASSWORD);
    await page.getByRole('link', { name: 'Contract law' }).click();
    await page
      .locator('.tile')
      .nth(NAMES.length - 1)
      .waitFor({ state: 'attached' });
    return page;
  }

  beforeAll(async () => {
    site = await startTestServer();
    browser = await launch();
    exam = await site.admin.createExam({}, { title: 'Contract law', durationMinutes: 90, staffAccess: 'all' });
    students = [];
    for (const name of NAMES) {
      const api = await site.student(name);
      const session = await api.startSession(exam.id);
      students.push({ api, name, session, socket: await greet(site.url, await api.examTicket(session.id)) });
    }
    stopCameras = sendPictures(
      students.map(({ socket }) => socket),
      [3, 5, 14],
      1000,
    );
    for (const n of [1, 3])
      for (let no = 1; no <= 4; no++)
        students[n]!.socket.send({ type: 'signal', seq: no, signal: 'TAB_SWITCH', at: new Date().toISOString() });
    anna = await proctor('Anna Berg');
    ben = await proctor('Ben Castro');
  }, 600_000);
  afterAll(async () => {
    stopCameras?.();
    for (const { socket } of students ?? []) socket.close();
    await browser?.close();
    await site?.close();
  });

  const queued = (page: Page, name: string) => page.locator('.queue-entry').filter({ hasText: name });
  const tile = (page: Page, name: string) => page.locator('.tile').filter({ hasText: name });
  const open = async (page: Page, name: string) => {
    await tile(page, name).locator('.tile-name').click();
    await page.getByRole('heading', { name, level: 1 }).waitFor();
  };
  const shot = async (page: Page, name: string, fullPage = false) => {
    await shoot(page, name, { fullPage, widths: [1280] });
    await shoot(page, name, { fullPage, widths: [1920], height: 1080 });
  };

  test(
    `what one has seen leaves the queue of both, and comes back with something new (P5)${skipped}`,
    SLOW,
    async () => {
      await queued(ben, 'Benedikt Ng').waitFor();
      await queued(anna, 'Benedikt Ng').getByRole('button', { name: 'Mark seen' }).click();
      await expect.poll(() => queued(ben, 'Benedikt Ng').count(), { timeout: 60_000 }).toBe(0);
      await expect.poll(() => tile(ben, 'Benedikt Ng').locator('.team-mark.seen').innerText()).toContain('AB');
      students[1]!.socket.send({ type: 'signal', seq: 5, signal: 'SECOND_SCREEN', at: new Date().toISOString() });
      for (const page of [anna, ben]) await queued(page, 'Benedikt Ng').waitFor();
    },
  );

  test(`an open page that cannot mark its session as seen tries again seldom${skipped}`, SLOW, async () => {
    const page = await proctor('Cleo Diaz');
    const marks: number[] = [];
    await page.route('**/seen', (route) => {
      marks.push(Date.now());
      return route.abort();
    });
    await open(page, 'Benedikt Ng');
    await expect.poll(() => marks.length, { timeout: 60_000 }).toBeGreaterThan(1);
    const [first = 0, second = 0] = marks;
    expect(second - first).toBeGreaterThanOrEqual(4000);
    await page.context().close();
  });

  test(`a session is taken, handed over and released by keys; tiles say who looks (P5)${skipped}`, SLOW, async () => {
    await open(anna, 'Daniel Ito');
    await tile(ben, 'Daniel Ito').locator('.team-mark.viewers').waitFor();
    await anna.keyboard.press('t');
    await anna.getByText('You look after this session since').waitFor();
    await expect.poll(() => tile(ben, 'Daniel Ito').locator('.team-mark.claim').innerText()).toContain('AB');
    await anna.keyboard.press('h');
    const dialog = anna.getByRole('dialog', { name: 'Hand over: Daniel Ito' });
    await dialog.getByLabel('Colleague').selectOption({ label: 'Ben Castro (ben@example.org)' });
    await shot(anna, 'team-hand-over');
    await dialog.getByRole('button', { name: 'Hand over' }).click();
    await anna.getByText('Ben Castro looks after this session since').waitFor();
    await tile(ben, 'Daniel Ito').locator('.team-mark.mine').waitFor();
    await ben.getByRole('combobox', { name: 'Looked after by' }).selectOption('mine');
    await expect.poll(() => ben.locator('.tile-name').allInnerTexts()).toEqual(['Daniel Ito']);
    await ben.getByRole('button', { name: 'Clear filters' }).click();
    await anna.keyboard.press('n');
    await anna.keyboard.type('Asked twice to keep the door shut');
    await anna.getByRole('button', { name: 'Add note' }).click();
    await anna.locator('.notes').getByText('Asked twice to keep the door shut').waitFor();
    await tile(ben, 'Daniel Ito').locator('.team-mark.notes').waitFor();
    const { items } = await site.admin.get<{ items: SessionNote[] }>(`/api/sessions/${students[3]!.session.id}/notes`);
    expect(items).toMatchObject([{ text: 'Asked twice to keep the door shut', by: { name: 'Anna Berg' } }]);
    // Keys do nothing while somebody writes.
    await anna.getByLabel('Note, for staff only').click();
    await anna.keyboard.type('t');
    await shot(ben, 'team-wall');
    await ben.getByRole('button', { name: 'Small tiles' }).click();
    await shot(ben, 'team-wall-small');
    await ben.getByRole('button', { name: 'Medium tiles' }).click();
    expect(await seriousFaults(ben)).toEqual([]);
    await anna.getByLabel('Note, for staff only').fill('');
    await anna.getByRole('heading', { name: 'Team' }).click();
    await anna.keyboard.press('t');
    await anna.getByText('You look after this session since').waitFor();
    await anna.keyboard.press('t');
    await anna.getByText('Nobody in particular looks after this session.').waitFor();
  });

  test(
    `a flag and a kept image are events with their author, which a reviewer decides (E12)${skipped}`,
    SLOW,
    async () => {
      const { session } = students[3]!;
      await anna.keyboard.press('x');
      await anna.getByText('Image kept at').waitFor();
      await anna.keyboard.press('f');
      const dialog = anna.getByRole('dialog', { name: 'Flag: Daniel Ito' });
      await dialog.getByLabel('What was it?').selectOption('TALKING');
      await dialog.getByLabel('Note (optional)').fill('To somebody behind the camera');
      await shot(anna, 'team-flag');
      expect(await seriousFaults(anna)).toEqual([]);
      await dialog.getByRole('button', { name: 'Flag' }).click();
      await dialog.waitFor({ state: 'hidden' });
      const events = anna.locator('.events');
      await events.getByText('Talking · To somebody behind the camera').waitFor();
      await events.getByText('By Anna Berg (anna@example.org)').first().waitFor();
      await shot(anna, 'team-session', true);
      expect(await tooWide(anna)).toEqual([]);
      const { items } = await site.admin.get<{ items: Event[] }>(
        `/api/proctoring/attempt/${session.id}/events?limit=200`,
      );
      const flag = items.find(({ type }) => type === 'PROCTOR_FLAG')!;
      expect(flag).toMatchObject({ weight: 3, details: { category: 'TALKING' } });
      await expect
        .poll(async () => (await site.admin.get<{ items: object[] }>(`/api/events/${flag.id}/evidence`)).items)
        .toMatchObject([{ kind: 'snapshot' }]);
      await anna.getByRole('link', { name: 'Review', exact: true }).click();
      await anna
        .getByRole('button', { name: /Flag by a proctor/ })
        .first()
        .click();
      await anna.getByText('Talking · To somebody behind the camera').first().waitFor();
      await shot(anna, 'team-review', true);
    },
  );

  test(`a manager edits what proctors can flag in the exam${skipped}`, SLOW, async () => {
    const admin = await openAdmin(browser, site.url);
    await admin.goto(`${site.url}/admin#/exam/${exam.id}`);
    await admin.getByRole('button', { name: 'Edit flags' }).click();
    await shot(admin, 'team-categories', true);
    await admin.getByRole('button', { name: 'Remove: Left the seat' }).click();
    await admin.getByRole('button', { name: 'Add a flag' }).click();
    await admin.getByLabel('As proctors read it').last().fill('Noise');
    await admin.getByLabel('Code').last().fill('noise');
    await admin.getByRole('button', { name: 'Save flags' }).click();
    await admin.getByText('Noise 2, medium').waitFor();
    expect(await seriousFaults(admin)).toEqual([]);
    const { items } = await site.admin.get<{ items: { code: string }[] }>(`/api/exams/${exam.id}/flag-categories`);
    expect(items.map(({ code }) => code)).toEqual(expect.arrayContaining(['PHONE', 'NOISE']));
    expect(items.map(({ code }) => code)).not.toContain('LEFT_SEAT');
  });
});
