import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { PolicyInput } from '../../protocol/policy.ts';
import type { Api } from '../support/api.ts';
import { watchExam } from '../support/attempt.ts';
import { seriousFaults } from '../support/axe.ts';
import { hasBrowser, launch } from '../support/browser.ts';
import { writeCamera } from '../support/camera-file.ts';
import { startCable } from '../support/embedding-site.ts';
import { tooWide, openConsole, shoot, watchPage } from '../support/pages.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';

/** The built student pages in a real browser with a drawn camera, against the real server. */
const skipped = hasBrowser ? '' : ' (skipped: no Chromium)';
const PATIENT = { timeout: 400_000 };

async function openPage(context: BrowserContext | Browser, address: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(address);
  return page;
}

async function logIn(page: Page, student: Api, password = "Student's password"): Promise<void> {
  await page.getByLabel('Email').fill(student.tokens!.user.email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
}

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true });
const begin = (page: Page) => button(page, 'Begin exam');
const noted = (page: Page) => page.getByRole('region', { name: 'Events' }).last();

/** From the exam list past the notice to the camera check. */
async function goToCamera(page: Page, title: string): Promise<void> {
  await button(page, `Start: ${title}`).click();
  await page.getByRole('checkbox').check();
  await button(page, 'Continue to camera').click();
}

async function looksRight(page: Page, name: string): Promise<void> {
  expect([name, await seriousFaults(page)]).toEqual([name, []]);
  await shoot(page, `student-${name}`);
  const before = page.viewportSize()!;
  for (const width of [1280, 640]) {
    await page.setViewportSize({ width, height: 800 });
    expect([name, width, await tooWide(page)]).toEqual([name, width, []]);
  }
  await page.setViewportSize(before);
}

async function withSite(
  options: Parameters<typeof startTestServer>[0],
  work: (site: TestServer) => Promise<void>,
): Promise<void> {
  await using site = await startTestServer(options);
  await work(site);
}

test.runIf(hasBrowser)(
  `a student consents, passes the camera check, calibrates, takes the exam, sees every notice, and hands in${skipped}`,
  PATIENT,
  () =>
    withSite({ vision: true }, async (site) => {
      const policy: PolicyInput = { holds: { noFace: 1 }, calibration: { seconds: 6 }, gaze: { enabled: false } };
      const exam = await site.admin.createExam(policy, { title: 'Algebra', durationMinutes: 60 });
      const student = await site.student();
      const proctor = await watchExam(site, exam.id);
      const browser = await launch(writeCamera(site.database.dataDir, ['empty', 8], ['attentive', 16]));
      try {
        const page = await openPage(browser, `${site.url}/exam`);
        const seen = watchPage(page, site.url);
        await looksRight(page, 'login');
        await logIn(page, student);
        await button(page, 'Start: Algebra').click();

        // Nothing is requested before consent.
        await page.getByText('every decision is made by a person').waitFor();
        await expect.poll(() => button(page, 'Continue to camera').isDisabled()).toBe(true);
        await looksRight(page, 'notice');
        await page.getByRole('checkbox').check();
        await button(page, 'Continue to camera').click();

        // Without a face in the picture the check does not pass, and the page states the reason.
        await looksRight(page, 'camera-off');
        await button(page, 'Turn on camera').click();
        // At one and the same time: a face follows.
        await page
          .locator('main')
          .filter({ hasText: 'No face detected. Move so that your whole face is in view.' })
          .getByRole('button', { name: 'Begin exam', exact: true, disabled: true })
          .waitFor();
        await looksRight(page, 'camera-no-face');
        await page.getByText('Your face is clearly visible.').waitFor();
        expect(await student.get<{ items: unknown[] }>('/api/sessions')).toMatchObject({ items: [] });
        await begin(page).click();

        // At one and the same time: the question follows.
        await page
          .locator('main')
          .filter({ has: page.getByRole('heading', { name: 'Look at the screen' }) })
          .filter({ hasNot: page.getByLabel(/Explain in your own words/) })
          .getByRole('progressbar')
          .waitFor();
        expect(await seriousFaults(page)).toEqual([]);
        await shoot(page, 'student-calibration');
        const answer = page.getByLabel(/Explain in your own words/);
        await answer.fill('2a + 1 + 2b + 1 = 2 (a + b + 1)');
        await page.getByText('Connected', { exact: true }).waitFor();

        // Events appear as they are recorded; the camera shows an empty frame for a third of the time.
        await noted(page).getByText('No face detected').first().waitFor();
        await looksRight(page, 'exam');

        const { items } = await student.get<{ items: { id: string }[] }>('/api/sessions');
        const session = items[0]!.id;
        const command = (what: object) => proctor.send({ type: 'command', session, ...what });
        command({ do: 'message', text: 'Please stay in the picture.' });
        await page.getByRole('log', { name: 'Messages from staff' }).getByText('Please stay in the picture.').waitFor();
        command({ do: 'pause', reason: 'a fire drill' });
        await page.getByRole('alert').getByText('A proctor has paused the exam: a fire drill.').waitFor();
        await answer.waitFor({ state: 'hidden' });
        await looksRight(page, 'paused');
        command({ do: 'resume' });
        await answer.waitFor();
        await expect.poll(() => answer.inputValue()).toBe('2a + 1 + 2b + 1 = 2 (a + b + 1)');

        await button(page, 'Finish exam').click();
        await button(page, 'Finish').click();
        await page.getByRole('heading', { name: 'Exam finished' }).waitFor();
        const row = page.getByRole('row').filter({ hasText: 'No face detected' });
        await row.waitFor();
        const attempt = await student.get<{ counts: { type: string; count: number; weight: number }[] }>(
          `/api/proctoring/my-attempt/${session}`,
        );
        const tally = attempt.counts.find(({ type }) => type === 'NO_FACE')!;
        await expect.poll(() => row.getByRole('cell').first().textContent()).toBe(String(tally.count));
        await looksRight(page, 'done');

        await page.getByRole('link', { name: 'View your exam record' }).click();
        await page.getByRole('heading', { name: 'All events' }).waitFor();
        await page.getByText('No verdict has been released.').waitFor();
        await looksRight(page, 'record');
        await page.getByRole('link', { name: 'Back to exams' }).click();
        await page.getByRole('heading', { name: 'Past exams' }).waitFor();
        await looksRight(page, 'list');

        // The same check without an account, before the exam day.
        await button(page, 'Log out').click();
        await page.getByRole('link', { name: 'Check your camera and connection' }).click();
        await button(page, 'Turn on camera').click();
        await page.getByRole('heading', { name: 'This computer is ready' }).waitFor();
        await expect
          .poll(() => page.getByLabel('Summary').inputValue())
          .toMatch(/OK +Image: Your face is clearly visible/);
        await looksRight(page, 'system-check');
        expect(seen).toEqual({ foreign: [], errors: [] });
      } finally {
        await browser.close();
        proctor.close();
      }
    }),
);

test.runIf(hasBrowser)(
  `without models no student is blocked; a network cut is shown at once, counted, caught up on, and no offence${skipped}`,
  PATIENT,
  () => {
    let aheadMs = 0;
    const overrides = { clock: () => Date.now() + aheadMs };
    return withSite({ env: { FACE_MODEL: 'yunet' }, vision: true, overrides }, async (site) => {
      await site.admin.createExam({ weights: { COPY: 0 } }, { title: 'Geometry' });
      const student = await site.student();
      const cable = await startCable(site.url);
      const browser = await launch(writeCamera(site.database.dataDir, ['attentive', 10]));
      try {
        const context = await browser.newContext();
        const page = await openPage(context, `${cable.url}/exam`);
        await logIn(page, student);
        await goToCamera(page, 'Geometry');
        await button(page, 'Turn on camera').click();
        await page.getByText('You can continue: image analysis is currently off.').waitFor();
        await begin(page).click();
        const answer = page.getByLabel(/Explain in your own words/);
        await answer.fill('2a');
        await page.getByText('Connected', { exact: true }).waitFor();
        const [session] = (await student.get<{ items: { id: string }[] }>('/api/sessions')).items;
        const events = async () => (await site.admin.events(session!.id)).map(({ type, weight }) => [type, weight]);

        await context.setOffline(true);
        cable.cut();
        const cutLine = page.getByRole('alert').filter({ hasText: 'the interruption does not count against you' });
        await cutLine.waitFor();
        for (let i = 0; i < 2; i++) {
          await answer.selectText();
          await page.keyboard.press('Control+c');
        }
        await cutLine.getByText('2 events are waiting').waitFor();
        await looksRight(page, 'cut');
        await waitFor('the gap', async () => (await events()).some(([type]) => type === 'CONNECTION_LOST'));
        // Longer than a missing frame is let pass, and then two turns of the server's every second.
        aheadMs += 20_000;
        await new Promise((resolve) => setTimeout(resolve, 2000));
        expect(await events()).toEqual([['CONNECTION_LOST', 0]]);

        cable.mend();
        await context.setOffline(false);
        await cutLine.waitFor({ state: 'detached' });
        await noted(page).getByText('Copied').nth(1).waitFor();
        await expect
          .poll(async () => (await events()).toSorted((a, b) => String(a[0]).localeCompare(String(b[0]))))
          .toEqual([
            ['CONNECTION_LOST', 0],
            ['CONNECTION_RESTORED', 0],
            ['COPY', 0],
            ['COPY', 0],
          ]);

        const console = await openConsole(browser, site.url);
        await console.goto(`${site.url}/console#/session/${session!.id}`);
        await console.getByText('Connection lost').first().waitFor();
        await console.getByText('Low risk').first().waitFor();
        await expect.poll(() => console.getByText('No face').count()).toBe(0);

        // A running exam resumes at once, without notice and calibration; here with one of the server's pages inside.
        await page.goto(`${cable.url}/exam?form=/docs`);
        await button(page, 'Continue: Geometry').click();
        await button(page, 'Continue exam').click();
        await page.frameLocator('iframe[title=Geometry]').getByRole('heading').first().waitFor();
        await page.getByText('Connected', { exact: true }).waitFor();
        await looksRight(page, 'form');
      } finally {
        await browser.close();
        await cable.close();
      }
    });
  },
);

test.runIf(hasBrowser)(
  `the system check requires no account, and each camera failure has its own help${skipped}`,
  PATIENT,
  () =>
    withSite({}, async (site) => {
      const browser = await launch();
      try {
        const allowed = await browser.newContext({ permissions: ['camera'] });
        const page = await openPage(allowed, site.url);
        await page.getByRole('link', { name: 'System check' }).click();
        await page
          .getByText(/\d+ ms round trip/)
          .first()
          .waitFor();
        await button(page, 'Turn on camera').click();
        await page.getByRole('heading', { name: 'No camera found' }).waitFor();
        await page.getByRole('heading', { name: 'Something needs fixing' }).waitFor();
        await expect
          .poll(() => page.getByLabel('Summary').inputValue())
          .toMatch(/PROBLEM +Camera: No camera found \[camera_missing\]/);
        await looksRight(page, 'system-check-no-camera');

        // The browser's real error on a page without permission: an iframe without the camera.
        await page.evaluate(
          `document.body.append(Object.assign(document.createElement('iframe'), { src: '/system-check', allow: "camera 'none'", name: 'inner', height: 700, width: 900 }))`,
        );
        const inner = page.frameLocator('iframe[name=inner]');
        await inner.getByRole('button', { name: 'Turn on camera' }).click();
        await inner.getByRole('heading', { name: 'The surrounding page blocks the camera' }).waitFor();
        await allowed.close();

        const refused = await openPage(await browser.newContext(), `${site.url}/system-check`);
        await refused.evaluate(
          `navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('Permission denied', 'NotAllowedError'))`,
        );
        await refused.evaluate(
          `navigator.permissions.query = () => Promise.resolve(Object.assign(new EventTarget(), { state: 'denied' }))`,
        );
        await button(refused, 'Turn on camera').click();
        await refused.getByRole('heading', { name: 'The camera is blocked for this site' }).waitFor();
        await refused.evaluate(`navigator.mediaDevices.getUserMedia = () => {
        const canvas = document.createElement('canvas');
        canvas.getContext('2d');
        return Promise.resolve(canvas.captureStream(5));
      }`);
        await button(refused, 'Try again').click();
        await refused.getByRole('status').filter({ hasText: 'Waiting for the server' }).waitFor();
      } finally {
        await browser.close();
      }
    }),
);
