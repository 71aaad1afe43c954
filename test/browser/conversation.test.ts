import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Conversation } from '../../protocol/http/conversation.ts';
import { seriousFaults } from '../support/axe.ts';
import { hasBrowser, launch } from '../support/browser.ts';
import { writeCamera } from '../support/camera-file.ts';
import { personPicture } from '../support/drawn-person.ts';
import { openAdmin, openConsole, shoot, tooWide, watchPage } from '../support/pages.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

/** Messages of a student and the staff, on the pages of both. */
const skipped = hasBrowser ? '' : ' (skipped: no Chromium)';

let folder: string;
let site: TestServer;
let camera: Browser;
let browser: Browser;

beforeAll(async () => {
  if (!hasBrowser) return;
  folder = await mkdtemp(join(tmpdir(), 'invigil-camera-'));
  site = await startTestServer();
  camera = await launch(writeCamera(folder, [[personPicture()], 5]));
  browser = await launch();
});

afterAll(async () => {
  await camera?.close();
  await browser?.close();
  await site?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

const messages = (page: Page) => page.getByRole('region', { name: 'Messages', exact: true });

/** As much of the page as a large screen shows. */
const shootWide = (page: Page, name: string) => shoot(page, name, { fullPage: false, widths: [1920], height: 1080 });

test.runIf(hasBrowser)(
  `a student raises a hand and writes, also without a connection; staff answer with a template, and both read marks${skipped}`,
  async () => {
    const exam = await site.admin.createExam(
      { calibration: { seconds: 0 }, conversation: { staffNames: true, showWatching: true } },
      { title: 'Geometry' },
    );
    const student = await site.student('Ada');
    const session = await student.startSession(exam.id);
    const page = await camera.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(120_000);
    const seen = watchPage(page, site.url);
    await page.goto(`${site.url}/exam`);
    await page.getByLabel('Email').fill(student.tokens!.user.email);
    await page.getByLabel('Password').fill("Ada's password");
    await page.getByRole('button', { name: 'Log in', exact: true }).click();
    await page.getByRole('button', { name: 'Continue: Geometry' }).click();
    await page.getByRole('button', { name: 'Continue exam' }).click();
    await page.getByText('Connected', { exact: true }).waitFor();
    await messages(page).getByText('Nobody is watching your camera live').waitFor();

    // The hand, and a message by keyboard.
    await messages(page).getByRole('button', { name: 'Raise hand' }).click();
    await messages(page).getByText('Your hand is raised.').waitFor();
    const send = messages(page).getByRole('button', { name: 'Send' });
    await messages(page).getByLabel('Message to staff').fill('a');
    await expect.poll(() => send.isDisabled()).toBe(false);
    // Invisible characters are no message.
    await messages(page).getByLabel('Message to staff').fill('\u200b');
    await expect.poll(() => send.isDisabled()).toBe(true);
    await messages(page).getByLabel('Message to staff').fill('My keyboard has stopped working.');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await messages(page).getByText('Sent', { exact: true }).waitFor();
    // Without a connection it waits.
    await page.context().setOffline(true);
    await page
      .getByText('Connection to the server lost.')
      .or(page.getByText('This computer is offline.'))
      .first()
      .waitFor();
    await messages(page).getByLabel('Message to staff').fill('It works again with the other one.');
    await messages(page).getByRole('button', { name: 'Send' }).click();
    await messages(page).getByText('Waiting for the connection').waitFor();
    await shoot(page, 'talk-student-offline');
    await page.context().setOffline(false);
    await expect.poll(() => messages(page).getByText('Sent', { exact: true }).count()).toBe(2);

    // The wall: badges, the list of those who wait, the filter.
    const staff = await openConsole(browser, site.url);
    staff.setDefaultTimeout(120_000);
    const staffSeen = watchPage(staff, site.url);
    await staff.goto(`${site.url}/console#/exam/${exam.id}`);
    const waiting = staff.getByRole('region', { name: 'Waiting for an answer' });
    await waiting.getByText('2 unread messages').waitFor();
    await staff.getByRole('combobox', { name: 'Messages' }).selectOption('hand');
    await staff.getByText('1 of 1 sessions match').waitFor();
    await shoot(staff, 'talk-wall');
    await shootWide(staff, 'talk-wall');
    expect(await seriousFaults(staff)).toEqual([]);
    await messages(page).getByText('Somebody of the staff is watching').waitFor();

    // The answer, with a template.
    await waiting.getByRole('link', { name: 'Ada' }).click();
    await messages(staff).getByText('It works again with the other one.').waitFor();
    await messages(staff).getByLabel('Template').selectOption({ index: 5 });
    await expect
      .poll(() => messages(staff).getByLabel('Message to Ada').inputValue())
      .toMatch(/Your question has been passed on/);
    await messages(staff).getByRole('button', { name: 'Send' }).click();
    await messages(staff)
      .getByText(/^Read \d\d:\d\d$/)
      .waitFor();
    await expect.poll(() => messages(staff).getByText('unread message').count()).toBe(0);
    await messages(staff).getByRole('button', { name: 'Lower the hand' }).click();
    await messages(page).getByRole('button', { name: 'Raise hand' }).waitFor();
    await page
      .getByRole('log', { name: 'Messages from staff' })
      .getByText('Your question has been passed on')
      .waitFor();
    await expect
      .poll(() =>
        messages(page)
          .getByText(/^Read \d\d:\d\d/)
          .count(),
      )
      .toBe(2);
    expect(await seriousFaults(page)).toEqual([]);
    expect(await tooWide(page)).toEqual([]);
    await shoot(page, 'talk-student');
    await shootWide(page, 'talk-student');
    await expect.poll(() => staff.getByRole('alert').allTextContents()).toEqual([]);
    await shoot(staff, 'talk-session');
    await shootWide(staff, 'talk-session');
    expect(await seriousFaults(staff)).toEqual([]);
    expect(await tooWide(staff)).toEqual([]);
    await page.getByRole('button', { name: 'OK', exact: true }).click();

    // A page that is opened anew shows both sides.
    await page.reload();
    await page.getByText('Connected', { exact: true }).waitFor();
    await messages(page).getByText('My keyboard has stopped working.').waitFor();
    await messages(page).getByText('Your question has been passed on').waitFor();

    // The report.
    await staff.goto(`${site.url}/console#/session/${session.id}/report`);
    await staff.getByRole('heading', { name: 'Messages', exact: true }).waitFor();
    await staff.getByText('My keyboard has stopped working.').waitFor();
    await shoot(staff, 'talk-report');

    const { items } = await site.admin.get<Conversation>(`/api/sessions/${session.id}/conversation`);
    expect(items.map(({ kind, from, readAt }) => [kind, from, readAt !== null])).toEqual([
      ['hand_raised', 'student', false],
      ['message', 'student', true],
      ['message', 'student', true],
      ['message', 'staff', true],
      ['hand_lowered', 'staff', false],
    ]);
    expect([...seen.errors, ...staffSeen.errors]).toEqual([]);
    await page.close();
    await staff.close();
  },
);

test.runIf(hasBrowser)(
  `managers write the templates of an exam, and go back to the standard ones${skipped}`,
  async () => {
    const { id } = await site.admin.createExam({}, { title: 'Algebra' });
    const page = await openAdmin(browser, site.url);
    page.setDefaultTimeout(120_000);
    await page.goto(`${site.url}/admin#/exam/${id}`);
    const templates = page.getByRole('region', { name: 'Templates of messages to students' });
    await templates.getByText('None of its own').waitFor();
    await templates.getByLabel('Templates, one a line').fill('Ten minutes left.\n\nPlease wait.');
    await templates.getByRole('button', { name: 'Save templates' }).click();
    await templates.getByText('Saved.').waitFor();
    const read = () => site.admin.get(`/api/exams/${id}/message-templates`);
    expect(await read()).toEqual({ items: ['Ten minutes left.', 'Please wait.'] });
    await shoot(page, 'talk-templates');
    expect(await seriousFaults(page)).toEqual([]);
    await templates.getByRole('button', { name: 'Use the standard ones' }).click();
    await templates.getByText('None of its own').waitFor();
    expect(await read()).toEqual({ items: null });
    await page.close();
  },
);
