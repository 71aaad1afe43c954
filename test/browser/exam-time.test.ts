import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Api } from '../support/api.ts';
import { watchExam } from '../support/attempt.ts';
import { seriousFaults } from '../support/axe.ts';
import { hasBrowser, launch } from '../support/browser.ts';
import { writeCamera } from '../support/camera-file.ts';
import { startCable } from '../support/embedding-site.ts';
import { shoot, tooWide } from '../support/pages.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';

/** The exam page's time: countdown, warnings, end, and what an embedded form is told of them. */
const skipped = hasBrowser ? '' : ' (skipped: no Chromium)';
const MIN = 60_000;

let site: TestServer;
let browser: Awaited<ReturnType<typeof launch>>;
/** Added to the server's clock, ms. */
let later = 0;
beforeAll(async () => {
  if (!hasBrowser) return;
  site = await startTestServer({ overrides: { clock: () => Date.now() + later } });
  browser = await launch(writeCamera(site.database.dataDir, ['attentive', 20]));
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

/** A student's clock that is wrong by so much, ms. */
const withClock = (context: BrowserContext, wrongBy: number) =>
  context.addInitScript((by) => {
    const RealDate = Date;
    class WrongDate extends RealDate {
      constructor(...of: []) {
        super(...((of.length === 0 ? [RealDate.now() + by] : of) as []));
      }
      static override now() {
        return RealDate.now() + by;
      }
    }
    globalThis.Date = WrongDate as DateConstructor;
  }, wrongBy);

async function openRunning(
  context: BrowserContext,
  student: Api,
  title: string,
  path = '/exam',
  url = site.url,
): Promise<Page> {
  const page = await context.newPage();
  await page.goto(url + path);
  await page.getByLabel('Email').fill(student.tokens!.user.email);
  await page.getByLabel('Password').fill("Student's password");
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
  await page.getByRole('button', { name: `Continue: ${title}` }).click();
  await page.getByRole('button', { name: 'Continue exam' }).click();
  await page.getByText('Connected', { exact: true }).waitFor();
  return page;
}

/** Remaining minutes shown by the countdown. */
async function minutesShown(page: Page): Promise<number> {
  const text = (await page.getByRole('timer').textContent())!;
  const [, hours = '0'] = /(\d+) h/.exec(text) ?? [];
  const [, minutes = '0'] = /(\d+) min/.exec(text) ?? [];
  return Number(hours) * 60 + Number(minutes);
}

test.runIf(hasBrowser)(
  `the countdown is right on a device whose clock is 25 minutes fast or slow${skipped}`,
  async () => {
    const exam = await site.admin.createExam({ calibration: { seconds: 0 } }, { title: 'Clocks', durationMinutes: 60 });
    for (const wrongBy of [25 * MIN, -25 * MIN, 365 * 24 * 60 * MIN]) {
      const student = await site.student();
      const started = await student.post<{ deadline: string; serverTime: string }>('/api/sessions', {
        examId: exam.id,
      });
      expect(Date.parse(started.deadline) - Date.parse(started.serverTime)).toBeGreaterThan(59 * MIN);
      const context = await browser.newContext();
      await withClock(context, wrongBy);
      const page = await openRunning(context, student, 'Clocks');
      const left = (Date.parse(started.deadline) - Date.now()) / MIN;
      const shown = await minutesShown(page);
      expect([wrongBy, Math.abs(shown - left) < 2]).toEqual([wrongBy, true]);
      // Set while the exam runs, it changes nothing either.
      await page.evaluate(() => {
        const real = Date.now;
        Date.now = () => real() - 40 * 60_000;
      });
      await page.waitForTimeout(1500);
      expect(Math.abs((await minutesShown(page)) - left)).toBeLessThan(2);
      await context.close();
    }
  },
);

test.runIf(hasBrowser)(
  `handing in waits until the form has saved; the focus goes to the question, and back when the student keeps working${skipped}`,
  async () => {
    const exam = await site.admin.createExam({ calibration: { seconds: 0 } }, { title: 'Saved' });
    const student = await site.student();
    await student.post('/api/sessions', { examId: exam.id });
    const context = await browser.newContext();
    await context.route(`${site.url}/forms/slow.html`, (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<!doctype html><title>Slow</title><script>
          addEventListener('message', ({ data, origin }) => {
            if (data.state === 'finishing') top.save = () => parent.postMessage({ source: 'invigil-form', type: 'saved' }, origin);
          });
          parent.postMessage({ source: 'invigil-form', type: 'ready', saves: true }, location.origin);
        </script><p>Question`,
      }),
    );
    const page = await openRunning(context, student, 'Saved', '/exam?form=/forms/slow.html');
    await page.frameLocator('iframe').getByText('Question').waitFor();
    await page.getByRole('button', { name: 'Finish exam' }).click();
    const focused = () => page.locator(':focus').textContent();
    await waitFor('focus on the question', async () => (await focused())?.startsWith('Finish the exam now?') === true);
    await page.getByRole('button', { name: 'Keep working' }).click();
    await waitFor('focus on the button', async () => (await focused()) === 'Finish exam');
    await page.getByRole('button', { name: 'Finish exam' }).click();
    await page.getByRole('button', { name: 'Finish', exact: true }).click();
    await page.waitForFunction(() => 'save' in globalThis);
    await expect.poll(() => page.getByRole('heading', { name: 'Exam finished' }).count()).toBe(0);
    await page.evaluate(() => (globalThis as unknown as { save: () => void }).save());
    await page.getByRole('heading', { name: 'Exam finished' }).waitFor();
    await context.close();
  },
);

test.runIf(hasBrowser)(
  `by policy the student sees events, events and score, or neither during the exam${skipped}`,
  async () => {
    for (const [studentView, events, score] of [
      [undefined, 1, 0],
      ['score', 1, 1],
      ['none', 0, 0],
    ] as const) {
      const title = `View ${studentView}`;
      const policy = { calibration: { seconds: 0 }, ...(studentView && { studentView }) };
      const exam = await site.admin.createExam(policy, { title });
      const student = await site.student();
      await student.post('/api/sessions', { examId: exam.id });
      const context = await browser.newContext();
      const page = await openRunning(context, student, title);
      const shown = async () => ({
        studentView,
        events: await page.getByRole('heading', { name: 'Events' }).count(),
        score: await page.getByText('Score', { exact: true }).count(),
      });
      await expect.poll(shown).toEqual({ studentView, events, score });
      await shoot(page, `student-view-${studentView ?? 'default'}`);
      await context.close();
    }
  },
);

test.runIf(hasBrowser)(
  `a page without a connection when the time ran out says so once it is back, and tells the form${skipped}`,
  async () => {
    const exam = await site.admin.createExam({ calibration: { seconds: 0 } }, { title: 'Cut', durationMinutes: 10 });
    const student = await site.student();
    const { id: session } = await student.post<{ id: string }>('/api/sessions', { examId: exam.id });
    const cable = await startCable(site.url);
    const context = await browser.newContext();
    try {
      const page = await openRunning(context, student, 'Cut', '/exam', cable.url);
      cable.cut();
      await page.getByText('Connection to the server lost.').waitFor();
      later += 11 * MIN;
      const status = async () =>
        (await site.admin.get<{ session: { status: string } }>(`/api/proctoring/attempt/${session}`)).session.status;
      await waitFor('the end of the exam', async () => (await status()) === 'ended');
      cable.mend();
      await page.getByRole('heading', { name: 'Time is up' }).waitFor();
    } finally {
      await context.close();
      await cable.close();
      later -= 11 * MIN;
    }
  },
);

// Last: it moves the clock, which ends all logins.
test.runIf(hasBrowser)(
  `warnings at 10, 5 and 1 minutes, then "Time is up"; the form is told of pause, deadline and end, and saves${skipped}`,
  async () => {
    const exam = await site.admin.createExam({ calibration: { seconds: 0 } }, { title: 'Warned', durationMinutes: 12 });
    const student = await site.student();
    const { id: session } = await student.post<{ id: string }>('/api/sessions', { examId: exam.id });
    const proctor = await watchExam(site, exam.id);
    const command = (what: object) => proctor.send({ type: 'command', session, ...what });
    const context = await browser.newContext();
    await context.route(`${site.url}/forms/algebra.html`, (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<!doctype html><title>Algebra</title><script>
          top.told = [];
          addEventListener('message', ({ data, origin }) => {
            if (origin !== location.origin || data.source !== 'invigil') return;
            top.told.push(data);
            if (data.state === 'ended') { top.saved = true; parent.postMessage({ source: 'invigil-form', type: 'saved' }, origin); }
          });
          parent.postMessage({ source: 'invigil-form', type: 'ready', saves: true }, location.origin);
        </script><p>Question`,
      }),
    );
    const page = await openRunning(context, student, 'Warned', '/exam?form=/forms/algebra.html');
    await page.frameLocator('iframe').getByText('Question').waitFor();
    const told = () => page.evaluate(() => (globalThis as unknown as { told: Record<string, unknown>[] }).told);
    await waitFor('the first state', async () => (await told()).some(({ state }) => state === 'running'));

    // A first reading of the time left gives no warning: the page has taken one once the countdown has moved twice.
    const timer = page.getByRole('timer');
    for (let moves = 0; moves < 2; moves++) {
      const shown = await timer.textContent();
      await waitFor('the next second', async () => (await timer.textContent()) !== shown);
    }
    const alert = (text: string) => page.getByRole('alert').getByText(text, { exact: true }).waitFor();
    /** The server's clock moves on; an extension by a minute states its time. */
    const passes = (minutes: number) => {
      later += (minutes + 1) * MIN;
      command({ do: 'extend', minutes: 1 });
    };
    passes(2);
    await alert('10 minutes left.');
    passes(5);
    await alert('5 minutes left.');
    await shoot(page, 'student-five-minutes');
    expect(await seriousFaults(page)).toEqual([]);
    await page.setViewportSize({ width: 320, height: 700 });
    expect(await tooWide(page)).toEqual([]);
    await shoot(page, 'student-320');
    passes(4);
    await alert('1 minute left.');

    command({ do: 'pause', reason: 'a fire drill' });
    await waitFor('the pause', async () => (await told()).at(-1)!['state'] === 'paused');
    expect((await told()).at(-1)).toMatchObject({ pauseReason: 'a fire drill' });
    command({ do: 'resume' });
    await waitFor('the end of the pause', async () => (await told()).at(-1)!['state'] === 'running');
    expect((await told()).at(-1)!['remainingMs']).toBeLessThan(1.2 * MIN);

    later += 2 * MIN;
    await page.getByRole('heading', { name: 'Time is up' }).waitFor();
    await expect.poll(async () => (await told()).at(-1)).toMatchObject({ state: 'ended', endReason: 'expired' });
    await page.waitForFunction(() => (globalThis as unknown as { saved?: boolean }).saved);
    await context.close();
  },
);
