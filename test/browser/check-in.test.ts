import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CheckIn, MyCheckIn } from '../../protocol/http/check-in.ts';
import type { Exam } from '../../protocol/http/exams.ts';
import type { PolicyInput } from '../../protocol/policy.ts';
import type { Api } from '../support/api.ts';
import { hasBrowser, launch } from '../support/browser.ts';
import { writeCamera } from '../support/camera-file.ts';
import { personPicture } from '../support/drawn-person.ts';
import { comeIn, decide } from '../support/check-in-site.ts';
import { readAtClose } from '../support/failed-pages.ts';
import { openConsole, shoot, tooWide, watchPage } from '../support/pages.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { isWell } from '../support/well.ts';

/** Check-in before an exam, on the pages of the student and of the staff. */
const skipped = hasBrowser ? '' : ' (skipped: no Chromium)';
const SLOW = { timeout: 600_000 };
const PASSWORD = 'violet harbour 93';
const WIDTHS = { widths: [1920, 1280, 360] };

describe.runIf(hasBrowser)('check-in', () => {
  let folder: string;
  let site: TestServer;
  let camera: Browser;
  let browser: Browser;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'invigil-camera-'));
    site = await startTestServer();
    camera = await launch(writeCamera(folder, [[personPicture()], 5]));
    browser = await launch();
  }, 240_000);
  afterAll(async () => {
    await camera?.close();
    await browser?.close();
    await site?.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  /** No serious fault of accessibility, and no scrolling sideways on the smallest phone either. */
  async function looksWell(page: Page, name: string): Promise<void> {
    await isWell(page, name);
    await page.setViewportSize({ width: 320, height: 640 });
    expect(await tooWide(page), `${name}, 320 px`).toEqual([]);
    await page.setViewportSize({ width: 1280, height: 800 });
    await shoot(page, `${name}-all`, WIDTHS);
  }

  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
  const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true });

  const newExam = (checkIn: PolicyInput['checkIn'], title: string): Promise<Exam> =>
    site.admin.createExam({ calibration: { seconds: 0 }, checkIn }, { title, staffAccess: 'all', durationMinutes: 60 });

  async function openExam(student: Api, name: string, on: Browser = camera): Promise<Page> {
    const context = await on.newContext({ viewport: { width: 1280, height: 800 } });
    const page = readAtClose(await context.newPage());
    page.setDefaultTimeout(120_000);
    await page.goto(`${site.url}/exam`);
    await page.getByLabel('Email').fill(student.tokens!.user.email);
    await page.getByLabel('Password').fill(`${name}'s password`);
    await button(page, 'Log in').click();
    return page;
  }

  /** From the list to the first step. */
  async function agree(page: Page, title: string): Promise<void> {
    await button(page, `Check in: ${title}`).click();
    await page.getByRole('checkbox').check();
    await button(page, 'Continue to check-in').click();
  }

  /** Takes a photo with the camera, which was not on yet, and sends it. */
  async function sendPhoto(page: Page, { first = true } = {}): Promise<void> {
    await heading(page, 'Photo of you').waitFor();
    if (first) await button(page, 'Turn on camera').click();
    await button(page, 'Take photo').click();
    await button(page, 'Use this photo').click();
  }

  async function proctor(name: string): Promise<Page> {
    const email = `${name.split(' ')[0]!.toLowerCase()}-${Math.random().toString(36).slice(2, 8)}@example.org`;
    await site.admin.post('/api/users', { email, password: PASSWORD, name, role: 'proctor' });
    const page = await openConsole(browser, site.url, email, PASSWORD);
    page.setDefaultTimeout(120_000);
    return page;
  }

  const openCheckIns = async (page: Page, exam: Exam) => {
    await page.goto(`${site.url}/console#/check-ins?exam=${exam.id}`);
    await heading(page, 'Check-in').waitFor();
  };
  const row = (page: Page, name: string) => page.getByRole('list', { name: 'Students' }).getByRole('button', { name });
  const painted = (page: Page, count: number) =>
    expect.poll(() => page.locator('.compare .picture canvas:not([hidden])').count(), { timeout: 60_000 }).toBe(count);
  /** A student who was just shown cannot be decided about at once. */
  const enabled = (page: Page, name: string) => page.locator('button:enabled', { hasText: name }).first().waitFor();
  const mine = (student: Api, exam: Exam) => student.get<MyCheckIn>(`/api/exams/${exam.id}/check-in`);

  test(
    `a student shows photo, document and room, waits, is admitted by a person, and begins; the session says who admitted${skipped}`,
    SLOW,
    async () => {
      const exam = await newExam({ photo: true, document: true, room: true, keepDays: 3 }, 'Geometry');
      const student = await site.student('Ada');
      await site.admin.request('PUT', `/api/exams/${exam.id}/students/${student.userId}`, {
        room: 'R 101',
        extraMinutes: 15,
      });
      const page = await openExam(student, 'Ada');
      const seen = watchPage(page, site.url);
      await page.getByText('Before you can start, you check in').waitFor();
      await looksWell(page, 'check-in-list');
      await button(page, 'Check in: Geometry').click();
      await page.getByText('are erased 3 days after the decision').waitFor();
      await shoot(page, 'check-in-terms', WIDTHS);
      await page.getByRole('checkbox').check();
      await button(page, 'Continue to check-in').click();

      // The photo: taken again before it is sent.
      await heading(page, 'Photo of you').waitFor();
      await page.getByText('Room: R 101').waitFor();
      await button(page, 'Turn on camera').click();
      await button(page, 'Take photo').waitFor();
      await looksWell(page, 'check-in-photo');
      await button(page, 'Take photo').click();
      await looksWell(page, 'check-in-photo-taken');
      await button(page, 'Take another one').click();
      await button(page, 'Take photo').click();
      await button(page, 'Use this photo').click();

      // The document, from a file.
      await heading(page, 'Photo of your identity document').waitFor();
      await button(page, 'Take photo of document').waitFor();
      await shoot(page, 'check-in-document', WIDTHS);
      const file = join(folder, 'document.jpg');
      await writeFile(file, personPicture());
      await page.getByLabel('Or choose an image file of the document').setInputFiles(file);
      await button(page, 'Use this photo').click();

      // The room, for 20 seconds.
      await heading(page, 'Look at your room').waitFor();
      await button(page, 'Begin the look').click();
      await page.getByRole('status').filter({ hasText: 'Now show your desk' }).waitFor();
      await looksWell(page, 'check-in-room');
      await page.getByRole('status').filter({ hasText: 'Now the room behind you' }).waitFor();
      await heading(page, 'Ready to send?').waitFor();
      await expect.poll(() => page.locator('.deciding canvas').count()).toBe(2);
      await looksWell(page, 'check-in-ready');
      expect((await mine(student, exam)).checkIn).toMatchObject({ state: 'collecting', missing: [] });
      await button(page, 'Send to staff and wait').click();
      await heading(page, 'You are in the waiting room').waitFor();
      await page.getByText('Your place: 1.').waitFor();
      await looksWell(page, 'check-in-waiting');

      // A proctor, from the navigation.
      const staff = await proctor('Bo Berg');
      const staffSeen = watchPage(staff, site.url);
      await staff.getByRole('link', { name: 'Check-in: 1 student waits' }).click();
      await row(staff, 'Ada').waitFor();
      await heading(staff, 'Ada').waitFor();
      await painted(staff, 2);
      await staff.getByText('Room: R 101').first().waitFor();
      await staff.getByText('Extra time: 15 min').waitFor();
      await looksWell(staff, 'check-in-console');
      await enabled(staff, 'Admit');
      await staff.keyboard.press('i');
      await staff.getByText('Ada is admitted.').waitFor();
      await staff.getByText('Nobody waits.').waitFor();

      // The student begins; the clock did not run before.
      await heading(page, 'You are admitted').waitFor();
      expect(await student.get<{ items: unknown[] }>('/api/sessions')).toMatchObject({ items: [] });
      await page.locator('button:enabled', { hasText: 'Begin exam' }).waitFor();
      await looksWell(page, 'check-in-admitted');
      await button(page, 'Begin exam').click();
      await page.getByText('Connected', { exact: true }).waitFor();
      const { items } = await student.get<{ items: { id: string }[] }>('/api/sessions');
      expect(items).toHaveLength(1);

      // The record of the session has it, with the pictures.
      for (const part of ['', '/review']) {
        await staff.goto(`${site.url}/console#/session/${items[0]!.id}${part}`);
        await staff.getByText(/Admitted by Bo Berg \(/).waitFor();
        await button(staff, 'Show images').click();
        await painted(staff, 2);
      }
      await shoot(staff, 'check-in-review', WIDTHS);
      await staff.goto(`${site.url}/console#/session/${items[0]!.id}/report`);
      await staff.getByText(/Admitted by Bo Berg \(/).waitFor();
      await painted(staff, 2);
      await button(page, 'Finish exam').click();
      await button(page, 'Finish').click();
      await page.getByRole('link', { name: 'View your exam record' }).click();
      await heading(page, 'Check-in').waitFor();
      await page.getByText(/^Admitted, /).waitFor();
      await shoot(page, 'check-in-record', WIDTHS);
      expect(seen).toEqual({ foreign: [], errors: [] });
      expect(staffSeen).toEqual({ foreign: [], errors: [] });
      for (const each of [page, staff]) await each.context().close();
    },
  );

  test(
    `a held student reads the reason, takes the asked picture again, and loses nothing by a reload or a second tab${skipped}`,
    SLOW,
    async () => {
      const exam = await newExam({ photo: true, document: true }, 'Ethics');
      const student = await site.student('Cleo');
      const page = await openExam(student, 'Cleo');
      await agree(page, 'Ethics');
      await sendPhoto(page);

      // In the middle: after a reload the photo is there, and the document is the step.
      await heading(page, 'Photo of your identity document').waitFor();
      await page.reload();
      await heading(page, 'Photo of your identity document').waitFor();
      await button(page, 'Turn on camera').click();
      await button(page, 'Take photo of document').click();
      await button(page, 'Use this photo').click();
      await heading(page, 'Ready to send?').waitFor();

      // A second tab sends; the first one follows.
      const second = await page.context().newPage();
      await second.goto(page.url());
      await second.getByLabel('Email').fill(student.tokens!.user.email);
      await second.getByLabel('Password').fill("Cleo's password");
      await button(second, 'Log in').click();
      await button(second, 'Send to staff and wait').click();
      await heading(second, 'You are in the waiting room').waitFor();
      await heading(page, 'You are in the waiting room').waitFor();
      // The line is lost for a while: the page says so, and goes on.
      await page.context().setOffline(true);
      await page.getByText('The server is not answering.').waitFor();
      await page.context().setOffline(false);
      await expect.poll(() => page.getByText('The server is not answering.').count(), { timeout: 60_000 }).toBe(0);

      const staff = await proctor('Bo Berg');
      await openCheckIns(staff, exam);
      await heading(staff, 'Cleo').waitFor();
      await enabled(staff, 'Hold');
      await staff.keyboard.press('w');
      const dialog = staff.getByRole('dialog', { name: 'Hold: Cleo' });
      await dialog.getByRole('button', { name: 'The document cannot be read.' }).click();
      await dialog.getByLabel('document', { exact: true }).check();
      await shoot(staff, 'check-in-hold-dialog', { fullPage: false, ...WIDTHS });
      await dialog.getByRole('button', { name: 'Hold' }).click();
      await staff.getByText('Cleo is asked to wait or to send something again.').waitFor();

      await heading(page, 'Staff ask for something').waitFor();
      await page.getByText('Take again: Photo of your identity document.').waitFor();
      expect(await page.title()).toContain('Staff ask for something');
      await looksWell(page, 'check-in-held');
      await heading(page, 'Photo of your identity document').waitFor();
      await button(page, 'Take photo of document').click();
      await button(page, 'Use this photo').click();
      await button(page, 'Send to staff and wait').click();
      await heading(page, 'You are in the waiting room').waitFor();
      await row(staff, 'Cleo').waitFor();
      await staff.getByText(/^Waiting, /).waitFor();
      // The reason that was given is offered again.
      await button(staff, 'Hold').click();
      await dialog
        .getByRole('button', { name: /^The document cannot be read/ })
        .first()
        .waitFor();
      await dialog.getByRole('button', { name: 'Cancel' }).click();
      await button(staff, 'Admit').click();
      await heading(page, 'You are admitted').waitFor();
      await heading(second, 'You are admitted').waitFor();
      expect((await mine(student, exam)).checkIn).toMatchObject({ state: 'admitted', missing: [], retake: [] });
      // Begun in one tab: the other one says so, and continues it.
      await page.locator('button:enabled', { hasText: 'Begin exam' }).click();
      await page.getByText('Connected', { exact: true }).waitFor();
      await second.getByText('It was begun in another window.').waitFor();
      for (const each of [page, staff]) await each.context().close();
    },
  );

  test(
    `a refused student reads why and whom to turn to; staff open the check-in again and admit without the document${skipped}`,
    SLOW,
    async () => {
      const exam = await newExam({ photo: true, document: true }, 'Rhetoric');
      const student = await site.student('Dora');
      // Without a camera: both steps are left out.
      const page = await openExam(student, 'Dora', browser);
      await agree(page, 'Rhetoric');
      await heading(page, 'Photo of you').waitFor();
      await button(page, 'Turn on camera').click();
      await page.getByRole('alert').first().waitFor();
      await looksWell(page, 'check-in-no-camera');
      await button(page, 'I cannot do this: go on without it').click();
      await heading(page, 'Photo of your identity document').waitFor();
      await button(page, 'I cannot do this: go on without it').click();
      await page.getByText('Left out: Photo of you, Photo of your identity document.').waitFor();
      await button(page, 'Send without it and wait').click();
      await page.getByText('Missing: Photo of you, Photo of your identity document.').waitFor();

      const staff = await proctor('Bo Berg');
      await openCheckIns(staff, exam);
      await heading(staff, 'Dora').waitFor();
      await staff.getByText('No document was sent.').waitFor();
      await button(staff, 'Refuse').click();
      let dialog = staff.getByRole('dialog', { name: 'Refuse: Dora' });
      await dialog.getByRole('textbox', { name: 'Reason' }).fill('Nobody knows you here.');
      await dialog.getByRole('button', { name: 'Refuse' }).click();
      await staff.getByText('Dora is refused.').waitFor();
      await heading(page, 'Staff have refused your check-in').waitFor();
      await page.getByText('Nobody knows you here.').waitFor();
      await page.getByText('ask your proctor or your exam office at once').waitFor();
      await looksWell(page, 'check-in-refused');

      await button(staff, 'Back to Dora').click();
      await button(staff, 'Open again').waitFor();
      await button(staff, 'Open again').click();
      dialog = staff.getByRole('dialog', { name: 'Open again: Dora' });
      await dialog.getByRole('button', { name: 'Refused by mistake.' }).click();
      await dialog.getByRole('button', { name: 'Open again' }).click();
      await heading(page, 'Staff ask for something').waitFor();
      await page.getByText('Refused by mistake.').waitFor();
      for (let i = 0; i < 2; i++) await button(page, 'I cannot do this: go on without it').click();
      await button(page, 'Send without it and wait').click();
      await row(staff, 'Dora').click();
      await button(staff, 'Admit').waitFor();
      await button(staff, 'Admit').click();
      dialog = staff.getByRole('dialog', { name: 'Admit: Dora' });
      await dialog.getByText('Missing: photo, document.').waitFor();
      await dialog.getByRole('button', { name: 'Known to me in person' }).click();
      await dialog.getByRole('button', { name: 'Admit' }).click();
      await heading(page, 'You are admitted').waitFor();
      for (const each of [page, staff]) await each.context().close();
    },
  );

  test(
    `of two proctors who decide about one student, the second reads who was faster, and nothing of theirs is stored${skipped}`,
    SLOW,
    async () => {
      const exam = await newExam({ photo: true }, 'Logic');
      const student = await site.student('Elif');
      const page = await openExam(student, 'Elif');
      await agree(page, 'Logic');
      await sendPhoto(page);
      await button(page, 'Send to staff and wait').click();
      await heading(page, 'You are in the waiting room').waitFor();

      const [first, second] = [await proctor('Bo Berg'), await proctor('Uma Reyes')];
      for (const staff of [first, second]) {
        await openCheckIns(staff, exam);
        await heading(staff, 'Elif').waitFor();
        await button(staff, 'Admit').waitFor();
      }
      await button(second, 'Refuse').click();
      await second.getByRole('dialog').getByRole('textbox', { name: 'Reason' }).fill('The face is hidden');
      await button(first, 'Admit').click();
      await first.getByText('Elif is admitted.').waitFor();
      await second.getByRole('dialog').getByRole('button', { name: 'Refuse' }).click();
      await second.getByText(/^Bo Berg \(.*\) admitted this student .* ago\. Nothing of yours was saved\.$/).waitFor();
      await shoot(second, 'check-in-conflict', WIDTHS);
      const { checkIn } = await mine(student, exam);
      const { decisions } = await site.admin.get<CheckIn>(`/api/check-ins/${checkIn!.id}`);
      expect(decisions.map(({ decision, by }) => [decision, by?.name])).toEqual([['admit', 'Bo Berg']]);
      // The student thinks better of it.
      await heading(page, 'You are admitted').waitFor();
      for (const each of [page, first, second]) await each.context().close();
    },
  );

  test(
    `who leaves the waiting room keeps what was sent; who withdraws has nothing left and can begin again${skipped}`,
    SLOW,
    async () => {
      const exam = await newExam({ photo: true }, 'Drawing');
      const student = await site.student('Finn');
      const page = await openExam(student, 'Finn');
      await agree(page, 'Drawing');
      await sendPhoto(page);
      await button(page, 'Send to staff and wait').click();
      await button(page, 'Change what I sent').click();
      await heading(page, 'Ready to send?').waitFor();
      await button(page, 'Take again: Photo of you').click();
      await sendPhoto(page, { first: false });
      await button(page, 'Send to staff and wait').click();
      await heading(page, 'You are in the waiting room').waitFor();
      await button(page, 'Withdraw check-in').click();
      await button(page, 'Withdraw and erase').click();
      await page.getByText('Your check-in is withdrawn, and what you sent is erased.').waitFor();
      expect((await mine(student, exam)).checkIn).toBeNull();
      await button(page, 'Begin a check-in').click();
      await heading(page, 'Photo of you').waitFor();
      await page.context().close();
    },
  );

  test(
    `a check-in opens an hour before its exam: the list says when, and who is admitted early waits for the exam to open${skipped}`,
    SLOW,
    async () => {
      const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
      const scheduled = (title: string, startsAt: string, endsAt: string) =>
        site.admin.createExam(
          { checkIn: { photo: true } },
          { title, staffAccess: 'all', status: 'scheduled', startsAt, endsAt, timeZone: 'Asia/Tokyo' },
        );
      await scheduled('Far', '2099-03-04T01:00:00.000Z', '2099-03-04T03:00:00.000Z');
      const near = await scheduled('Near', inMinutes(30), inMinutes(120));
      const student = await site.student('Hal');
      const page = await openExam(student, 'Hal');
      await page.getByText('Check-in opens Wed, Mar 4, 2099, 09:00 GMT+9.').waitFor();
      await expect.poll(() => button(page, 'Check in: Far').count()).toBe(0);
      await isWell(page, 'check-in-opens');
      await comeIn(student, near);
      await button(page, 'Refresh').click();
      await page.getByText('In the waiting room').waitFor();
      await button(page, 'Continue check-in: Near').click();
      await heading(page, 'You are in the waiting room').waitFor();
      await decide(site.admin, (await mine(student, near)).checkIn!.id, 'admit');
      await heading(page, 'You are admitted').waitFor();
      await page.getByText('You can begin then, on this page.').waitFor();
      await expect.poll(() => button(page, 'Begin exam').count()).toBe(0);
      await page.context().close();
    },
  );

  test(`an exam without a check-in begins as before${skipped}`, SLOW, async () => {
    await newExam({}, 'Plain');
    const student = await site.student('Gil');
    const page = await openExam(student, 'Gil');
    await button(page, 'Start: Plain').click();
    await expect.poll(() => page.getByText('Check-in before the exam.').count()).toBe(0);
    await page.getByRole('checkbox').check();
    await button(page, 'Continue to camera').click();
    await button(page, 'Turn on camera').click();
    await page.locator('button:enabled', { hasText: 'Begin exam' }).click();
    await page.getByText('Connected', { exact: true }).waitFor();
    await page.context().close();
  });
});
