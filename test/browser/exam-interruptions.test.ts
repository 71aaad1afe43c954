import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Api } from '../support/api.ts';
import { hasBrowser, launch, PATIENCE_MS } from '../support/browser.ts';
import { startCable } from '../support/embedding-site.ts';
import { shoot } from '../support/pages.ts';
import { chromiumPath } from '../support/requirements.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';
import { SlowLine } from '../support/slow-line.ts';
import { watchExam } from '../support/attempt.ts';

/** The exam page when something on the way answers in the server's place, after a reload, and without site data. */
const skipped = hasBrowser ? '' : ' (skipped: no Chromium)';
const PASSWORD = "Student's password";

let site: TestServer;
let browser: Awaited<ReturnType<typeof launch>>;
beforeAll(async () => {
  if (!hasBrowser) return;
  site = await startTestServer();
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

async function logIn(page: Page, student: Api): Promise<void> {
  const email = page.getByLabel('Email');
  if ((await email.inputValue()) === '') await email.fill(student.tokens!.user.email);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
}

async function openRunning(context: BrowserContext, url: string, title: string, student: Api): Promise<Page> {
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(`${url}/exam`);
  await logIn(page, student);
  await page.getByRole('button', { name: `Continue: ${title}` }).click();
  await page.getByRole('button', { name: 'Continue exam' }).click();
  await connected(page);
  return page;
}

const connected = (page: Page) => page.getByText('Connected', { exact: true }).waitFor();

async function runningExam(title: string): Promise<{ student: Api; session: string }> {
  const exam = await site.admin.createExam({ calibration: { seconds: 0 } }, { title });
  const student = await site.student();
  return { student, session: (await student.startSession(exam.id)).id };
}

test.runIf(hasBrowser)(
  `while a captive portal answers 401, a page or a redirect, the exam waits and then continues${skipped}`,
  async () => {
    const { student, session } = await runningExam('Portal');
    const cable = await startCable(site.url);
    const context = await browser.newContext();
    try {
      const page = await openRunning(context, cable.url, 'Portal', student);
      for (const answer of [
        { status: 401, body: 'Log in to the network' },
        { status: 302, headers: { location: 'https://portal.invalid/login' } },
        { status: 200, contentType: 'text/html', body: '<h1>Welcome</h1>' },
      ]) {
        let asked = 0;
        await context.route(/\/api\//, (route) => {
          asked += 1;
          return route.fulfill(answer);
        });
        cable.cut();
        cable.mend();
        await waitFor('two answers of the portal', () => asked >= 2);
        await expect.poll(() => page.getByLabel('Password').count()).toBe(0);
        await page.getByText('Connection to the server lost.').waitFor();
        await context.unroute(/\/api\//);
        await connected(page);
      }
      const types = (await site.admin.events(session)).map(({ type }) => type);
      expect(types.filter((type) => type !== 'CONNECTION_LOST' && type !== 'CONNECTION_RESTORED')).toEqual([
        'CAMERA_UNAVAILABLE',
      ]);
    } finally {
      await context.close();
      await cable.close();
    }
  },
);

test.runIf(hasBrowser)(
  `the browser asks before a running exam is left, and a reload leads straight back into it${skipped}`,
  async () => {
    const { student } = await runningExam('Reloaded');
    const context = await browser.newContext();
    const page = await openRunning(context, site.url, 'Reloaded', student);
    const asked: string[] = [];
    page.on('dialog', (dialog) => {
      asked.push(dialog.type());
      void dialog.dismiss();
    });
    await page.getByLabel(/Explain in your own words/).fill('an answer');
    await page.getByRole('link', { name: 'Invigil' }).click();
    await waitFor('the question', () => asked.length > 0);
    expect(asked).toEqual(['beforeunload']);
    await expect.poll(() => page.getByLabel(/Explain in your own words/).inputValue()).toBe('an answer');
    page.removeAllListeners('dialog');
    page.on('dialog', (dialog) => void dialog.accept());
    await page.reload();
    await connected(page);
    await page.getByRole('heading', { name: 'Reloaded' }).waitFor();
    await page.getByLabel(/Explain in your own words/).waitFor();

    await page.getByRole('button', { name: 'Finish exam' }).click();
    await page.getByRole('button', { name: 'Finish', exact: true }).click();
    await page.getByRole('heading', { name: 'Exam finished' }).waitFor();
    // Over: nothing asks any more, and a reload shows the list.
    page.removeAllListeners('dialog');
    page.on('dialog', (dialog) => {
      asked.push('late');
      void dialog.accept();
    });
    await page.reload();
    await page.getByRole('heading', { name: 'Exams', exact: true }).waitFor();
    expect(asked).toEqual(['beforeunload']);
    await context.close();
  },
);

test.runIf(hasBrowser)(
  `after a logout elsewhere the form knows the address; another person's login is told and has a way out${skipped}`,
  async () => {
    const { student } = await runningExam('Shared');
    const other = await site.student('Other');
    const context = await browser.newContext();
    const page = await openRunning(context, site.url, 'Shared', student);
    await student.login(student.tokens!.user.email, PASSWORD);
    await student.post('/api/auth/logout-everywhere');
    await page.getByText('Your login has expired.').waitFor();
    await expect.poll(() => page.getByLabel('Email').inputValue()).toBe(student.tokens!.user.email);
    await page.getByLabel('Email').fill(other.tokens!.user.email);
    await page.getByLabel('Password').fill("Other's password");
    await page.getByRole('button', { name: 'Log in', exact: true }).click();
    await page.getByText(`You are logged in as ${other.tokens!.user.email}`).waitFor();
    await shoot(page, 'student-other-login');
    await page.getByRole('button', { name: `Log in as ${student.tokens!.user.email}` }).click();
    await logIn(page, student);
    await connected(page);
    await context.close();
  },
);

test.runIf(hasBrowser)(`with all site data blocked the pages work until they are closed${skipped}`, async () => {
  const { student } = await runningExam('Private');
  const profile = join(site.database.dataDir, 'private-profile');
  mkdirSync(join(profile, 'Default'), { recursive: true });
  writeFileSync(
    join(profile, 'Default', 'Preferences'),
    JSON.stringify({ profile: { default_content_setting_values: { cookies: 2 } } }),
  );
  const context = await chromium.launchPersistentContext(profile, {
    // The desktop browser: only it reads a profile's settings.
    executablePath: chromiumPath!,
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run'],
  });
  try {
    const errors: unknown[] = [];
    context.on('weberror', (error) => errors.push(error.error()));
    const page = await openRunning(context, site.url, 'Private', student);
    const blocked = await page.evaluate<string>(
      '(() => { try { return String(sessionStorage); } catch (error) { return error.name; } })()',
    );
    expect(blocked).toBe('SecurityError');
    for (const path of ['/', '/console', '/account', '/system-check', '/setup']) {
      const other = await context.newPage();
      await other.goto(site.url + path);
      await other.getByRole('heading').first().waitFor();
      await other.close();
    }
    expect(errors).toEqual([]);
  } finally {
    await context.close();
  }
});

test.runIf(hasBrowser)(
  `C17: a paused exam whose connections all died silently is told of its end, and continues${skipped}`,
  async () => {
    const { student, session } = await runningExam('Silent');
    const line = await SlowLine.start(site.url, 1_000_000);
    const context = await browser.newContext();
    const page = await openRunning(context, line.url, 'Silent', student);
    const { examId } = await student.get<{ examId: string }>(`/api/sessions/${session}`);
    const proctor = await watchExam(site, examId);
    proctor.send({ type: 'command', session, do: 'pause', reason: 'a fire drill' });
    const paused = page.getByRole('alert').getByText('a fire drill');
    await paused.waitFor();
    // More idle connections than one: a browser sends its next requests over them.
    await page.evaluate("Promise.all([1, 2, 3, 4].map(() => fetch('/health')))");
    line.abandonAll();
    proctor.send({ type: 'command', session, do: 'resume' });
    await paused.waitFor({ state: 'detached' });
    await connected(page);
    expect((await site.admin.events(session)).map(({ type }) => type)).not.toContain('SESSION_TAKEOVER');
    proctor.close();
    await context.close();
    await line.close();
  },
);

test.runIf(hasBrowser)(
  `a page whose first connection does not come says so, and continues when the network is back${skipped}`,
  async () => {
    const { student } = await runningExam('Late');
    const context = await browser.newContext();
    const page = await openRunning(context, site.url, 'Late', student);
    let answers = false;
    await context.route(/\/ticket$/, (route) => (answers ? route.continue() : undefined));
    page.on('dialog', (dialog) => void dialog.accept());
    await page.reload();
    await page.getByText('The server is not responding yet.').waitFor();
    answers = true;
    await connected(page);
    await page.getByText('The server is not responding yet.').waitFor({ state: 'detached' });
    await context.close();
  },
);

test.runIf(hasBrowser)(`a form is told to go on when the exam could not be ended${skipped}`, async () => {
  const { student, session } = await runningExam('Handed in');
  const context = await browser.newContext();
  const form = `<script>states = []; onmessage = ({ data }) => states.push(data.state);
    parent.postMessage({ source: 'invigil-form', type: 'ready', saves: true }, '*');</script>`;
  await context.route(`${site.url}/own-form.html`, (route) => route.fulfill({ contentType: 'text/html', body: form }));
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(`${site.url}/exam?form=/own-form.html`);
  await logIn(page, student);
  await page.getByRole('button', { name: 'Continue: Handed in' }).click();
  await page.getByRole('button', { name: 'Continue exam' }).click();
  await connected(page);
  const states = () => page.frame({ url: `${site.url}/own-form.html` })!.evaluate<string[]>('states');
  await waitFor('the form', async () => (await states()).includes('running'));
  await page.getByRole('button', { name: 'Finish exam' }).click();
  await page.getByRole('button', { name: 'Finish', exact: true }).click();
  await waitFor('finishing', async () => (await states()).at(-1) === 'finishing');
  // Before the form has saved, the exam is continued on another device.
  const elsewhere = await (await browser.newContext()).newPage();
  await elsewhere.goto(`${site.url}/exam`);
  await logIn(elsewhere, student);
  await elsewhere.getByRole('button', { name: 'Continue: Handed in' }).click();
  await elsewhere.getByRole('button', { name: 'Continue exam' }).click();
  await connected(elsewhere);
  await waitFor('running again', async () => (await states()).at(-1) === 'running');
  expect(await student.get(`/api/sessions/${session}`)).toMatchObject({ status: 'active' });
  await elsewhere.context().close();
  await context.close();
});
