import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Event } from '../../protocol/events.ts';
import type { Session } from '../../protocol/http/sessions.ts';
import type { Api } from '../support/api.ts';
import { seriousFaults } from '../support/axe.ts';
import { hasBrowser, launch } from '../support/browser.ts';
import { writeCamera } from '../support/camera-file.ts';
import { personPicture, turnedTo } from '../support/drawn-person.ts';
import { EmbeddingSite } from '../support/embedding-site.ts';
import { openConsole, shoot, tooWide, watchPage } from '../support/pages.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';

/** Requests to a student on the exam page, in an embedding page, and in the console. */
const skipped = hasBrowser ? '' : ' (skipped: no Chromium)';

let folder: string;
let exam: EmbeddingSite;
let site: TestServer;
let camera: Browser;
let browser: Browser;

beforeAll(async () => {
  if (!hasBrowser) return;
  folder = await mkdtemp(join(tmpdir(), 'invigil-camera-'));
  exam = await EmbeddingSite.start();
  // Always the first direction: to the left.
  site = await startTestServer({ vision: true, overrides: { random: () => 0 }, env: { ALLOWED_ORIGINS: exam.url } });
  const straight = Array.from({ length: 5 }, (_, i) => personPicture({ yaw: i - 2 }));
  const left = Array.from({ length: 4 }, (_, i) => personPicture(turnedTo('left', 34 + i)));
  camera = await launch(writeCamera(folder, [straight, 5], [left, 4]));
  browser = await launch();
});

afterAll(async () => {
  await camera?.close();
  await browser?.close();
  await site?.close();
  await exam?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

const card = (page: Page) => page.locator('#invigil-request');
const requests = (page: Page) => page.getByRole('region', { name: 'Ask the student' });

async function sit(): Promise<{ page: Page; student: Api; session: Session }> {
  const { id } = await site.admin.createExam(
    {
      challenges: { enabled: true, perHour: 0, seconds: 60 },
      evidence: { startPicture: true },
      calibration: { seconds: 2 },
      gaze: { enabled: false },
    },
    { title: 'Geometry' },
  );
  const student = await site.student('Ada');
  const session = await student.startSession(id);
  const page = await camera.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(120_000);
  await page.goto(`${site.url}/exam`);
  await page.getByLabel('Email').fill(student.tokens!.user.email);
  await page.getByLabel('Password').fill("Ada's password");
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
  await page.getByRole('button', { name: 'Continue: Geometry' }).click();
  await page.getByRole('button', { name: 'Continue exam' }).click();
  await page.getByText('Connected', { exact: true }).waitFor();
  return { page, student, session };
}

const newest = async (session: string, type: string): Promise<Event | undefined> =>
  (await site.admin.events(session)).findLast((event) => event.type === type);

test.runIf(hasBrowser)(
  `R2, R3, R4: a proctor asks for a head turn, a look at the room and a face check, and the student's page shows them${skipped}`,
  async () => {
    const { page, session } = await sit();
    const seen = watchPage(page, site.url);
    await waitFor('the picture of the start', async () => (await newest(session.id, 'START_PICTURE')) !== undefined);
    const staff = await openConsole(browser, site.url);
    const staffSeen = watchPage(staff, site.url);
    await staff.goto(`${site.url}/console#/session/${session.id}`);
    await requests(staff).waitFor();

    // A head turn: seen by the camera, whose person turns to the left now and then.
    const answer = page.getByLabel(/Explain in your own words/);
    await answer.fill('Odd numbers are 2n + 1');
    await requests(staff).getByRole('button', { name: 'Turn the head' }).click();
    await card(page).getByText('Please turn your head to the left').waitFor();
    expect(await page.evaluate('document.activeElement.tagName')).toBe('TEXTAREA');
    await page.keyboard.type(', so');
    await expect.poll(() => answer.inputValue()).toBe('Odd numbers are 2n + 1, so');
    await card(page).getByText('Thank you. Please continue with your exam.').waitFor();
    await requests(staff).getByText('Turned the head as asked: to the left.').waitFor();
    expect(await newest(session.id, 'CHALLENGE_PASSED')).toMatchObject({ weight: 0, details: { direction: 'left' } });
    await card(page).waitFor({ state: 'detached' });

    // A look at the room, declined, then shown.
    await requests(staff).getByRole('button', { name: 'Show the room' }).click();
    await card(page).getByText('Please show your room').waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    expect(await tooWide(page)).toEqual([]);
    await shoot(page, 'request-room', { fullPage: false });
    await card(page).getByRole('button', { name: 'Decline' }).click();
    await card(page)
      .getByLabel(/Reason, if you like/)
      .fill('Other people are in here.');
    await shoot(page, 'request-room-reason', { fullPage: false });
    await card(page).getByRole('button', { name: 'Send' }).click();
    await requests(staff).getByText('declined by the student: “Other people are in here.”').waitFor();
    await card(page).waitFor({ state: 'detached' });
    await requests(staff).getByRole('button', { name: 'Show the room' }).click();
    // By keyboard alone: the card is the first thing on the page.
    await card(page).getByRole('button', { name: 'Begin' }).waitFor();
    const begins = card(page).getByRole('button', { name: 'Begin' });
    await begins.focus();
    await page.keyboard.press('Enter');
    await card(page).getByText('Move the camera slowly around the room').waitFor();
    await card(page).getByText('Put the camera back').waitFor();
    await requests(staff)
      .getByText(/Asked to show the room: shown for \d+ seconds/)
      .waitFor();

    // A face check.
    await requests(staff).getByRole('button', { name: 'Face check' }).click();
    const dialog = staff.getByRole('dialog');
    await expect.poll(() => dialog.getByRole('img').count()).toBe(2);
    expect(await seriousFaults(staff)).toEqual([]);
    await shoot(staff, 'face-check', { fullPage: false });
    await dialog.getByLabel('not sure').check();
    await dialog.getByLabel('Note (optional)').fill('Too dark to tell');
    await dialog.getByRole('button', { name: 'Record' }).click();
    await dialog.waitFor({ state: 'detached' });
    await expect
      .poll(async () => (await newest(session.id, 'FACE_CHECK'))?.details)
      .toMatchObject({ outcome: 'not_sure', note: 'Too dark to tell', by: site.admin.userId });
    expect(await seriousFaults(staff)).toEqual([]);
    await shoot(staff, 'requests-session');
    await staff.goto(`${site.url}/console#/session/${session.id}/report`);
    await staff.getByText(/Face check by .*: not sure · Too dark to tell\./).waitFor();
    await staff
      .getByText(/Asked to show the room/)
      .first()
      .waitFor();
    await shoot(staff, 'requests-report');
    expect([seen, staffSeen]).toEqual([
      { foreign: [], errors: [] },
      { foreign: [], errors: [] },
    ]);
    await page.close();
    await staff.close();
  },
);

async function embed(attributes: string, script = ''): Promise<{ page: Page; session: string }> {
  const { id: examId } = await site.admin.createExam({ challenges: { enabled: true, perHour: 0 } });
  const student = await site.student();
  const { id } = await student.startSession(examId);
  exam.ticket = async () => ({ ...(await student.examTicket(id)), session: id });
  exam.pages.set('/exam', {
    html: `<!doctype html><html lang="en"><title>Exam</title><h1>Exam</h1><p><label>Answer <textarea></textarea></label></p>
      <script>${script}</script><script src="${site.url}/sdk/invigil.iife.js" data-server="${site.url}"
      data-ticket-url="/ticket/${id}" data-session="${id}" ${attributes}></script>`,
  });
  const page = await camera.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(60_000);
  await page.goto(`${exam.url}/exam`);
  await waitFor('a live connection', async () => (await page.evaluate("Invigil.current.state === 'live'")) === true);
  return { page, session: id };
}

const ask = (session: string) =>
  site.admin.post<{ event: Event }>(`/api/sessions/${session}/challenges`, { direction: 'up' });

test.runIf(hasBrowser)(
  `R2: an embedding page shows the SDK's card, above elements in full screen and not while it is hidden${skipped}`,
  async () => {
    const { page, session } = await embed('');
    await page.getByLabel('Answer').focus();
    await ask(session);
    await card(page).getByText('Please raise your head').waitFor();
    await expect.poll(() => card(page).getByText('↑').count()).toBe(1);
    expect(await page.evaluate('document.activeElement.tagName')).toBe('TEXTAREA');
    expect(await card(page).evaluate((element) => element.matches(':popover-open'))).toBe(true);
    expect(await seriousFaults(page)).toEqual([]);
    const background = () =>
      page.evaluate("getComputedStyle(document.getElementById('invigil-request')).backgroundColor");
    expect(await background()).toBe('rgb(238, 244, 255)');
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(background).toBe('rgb(22, 35, 63)');
    expect(await seriousFaults(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'light' });
    await shoot(page, 'request-turn', { fullPage: false });
    // The page goes out of view: the card goes, and comes back with another side.
    await page.evaluate(`Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => 'hidden' });
      document.dispatchEvent(new Event('visibilitychange'))`);
    await card(page).waitFor({ state: 'detached' });
    await expect.poll(async () => (await newest(session, 'CHALLENGE_ASKED'))?.details['tries']).toBe(2);
    await page.evaluate(`delete document.visibilityState; document.dispatchEvent(new Event('visibilitychange'))`);
    await card(page).getByText('Please turn your head to the left').waitFor();
    await page.close();
  },
);

test.runIf(hasBrowser)(
  `R1: a page that shows requests itself gets events and answers; without any, none is made${skipped}`,
  async () => {
    const own = `addEventListener('invigil:challenge', ({ detail }) => {
      document.title = detail.direction + ' ' + detail.seconds;
      Invigil.current.answer(detail.id, 'shown');
    });`;
    const { page, session } = await embed('data-requests="page"', own);
    await ask(session);
    await expect.poll(() => page.title()).toBe('up 15');
    await expect.poll(() => card(page).count()).toBe(0);
    await expect.poll(async () => (await newest(session, 'CHALLENGE_ASKED'))?.endedAt).toBeTruthy();
    await page.close();
    const none = await embed('data-requests="off"');
    await ask(none.session);
    await expect
      .poll(async () => (await newest(none.session, 'CHALLENGE_NOT_SEEN'))?.details)
      .toMatchObject({ why: 'client' });
    await none.page.close();
  },
);
