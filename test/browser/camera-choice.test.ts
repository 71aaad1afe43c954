import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seriousFaults } from '../support/axe.ts';
import { hasBrowser, PATIENCE_MS } from '../support/browser.ts';
import { EmbeddingSite } from '../support/embedding-site.ts';
import { shoot, tooWide } from '../support/pages.ts';
import { chromiumPath } from '../support/requirements.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';

/** A computer with two cameras. */
const skipped = hasBrowser ? '' : ' (skipped: no Chromium)';
const SECOND = 'fake_device_1';

let site: TestServer;
let browser: Browser;
beforeAll(async () => {
  if (!hasBrowser) return;
  site = await startTestServer();
  browser = await chromium.launch({
    // The desktop browser: in the headless shell a camera has another id after each load of a page.
    executablePath: chromiumPath!,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream=device-count=2',
    ],
  });
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

const picker = (page: Page) => page.getByRole('combobox', { name: 'Camera' });
const chosen = (select: ReturnType<typeof picker>) => select.locator('option:checked').textContent();
const showing = (page: Page, label: string) =>
  waitFor(label, () =>
    page.evaluate(
      `[...document.querySelectorAll('video')].some(({ srcObject }) => srcObject?.getVideoTracks()[0]?.label === '${label}')`,
    ),
  );

async function openPage(path: string, context?: Page): Promise<Page> {
  const page = context ?? (await (await browser.newContext()).newPage());
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(site.url + path);
  return page;
}

test.runIf(hasBrowser)(
  `a camera chosen in the system check is used before and during the exam, and can be changed there${skipped}`,
  async () => {
    await site.admin.createExam({ calibration: { seconds: 0 } }, { title: 'Two cameras' });
    const student = await site.student();
    const page = await openPage('/system-check');
    await page.getByRole('button', { name: 'Turn on camera' }).click();
    await showing(page, 'fake_device_0');
    await picker(page).selectOption({ label: SECOND });
    await showing(page, SECOND);
    expect(await seriousFaults(page)).toEqual([]);
    await shoot(page, 'camera-choice');
    await page.setViewportSize({ width: 320, height: 800 });
    expect(await tooWide(page)).toEqual([]);
    await page.setViewportSize({ width: 1280, height: 800 });

    await openPage('/exam', page);
    await page.getByLabel('Email').fill(student.tokens!.user.email);
    await page.getByLabel('Password').fill("Student's password");
    await page.getByRole('button', { name: 'Log in', exact: true }).click();
    await page.getByRole('button', { name: 'Start: Two cameras' }).click();
    await page.getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Continue to camera' }).click();
    await page.getByRole('button', { name: 'Turn on camera' }).click();
    await showing(page, SECOND);
    await expect.poll(() => chosen(picker(page))).toBe(SECOND);
    await page.getByRole('button', { name: 'Begin exam' }).click();
    await page.getByText('Connected', { exact: true }).waitFor();
    await showing(page, SECOND);

    await picker(page).selectOption({ label: 'fake_device_0' });
    await showing(page, 'fake_device_0');
    await expect.poll(() => chosen(picker(page))).toBe('fake_device_0');
    // After a reload, too, and a change is no loss.
    await page.reload();
    await page.getByText('Connected', { exact: true }).waitFor();
    await showing(page, 'fake_device_0');
    await expect.poll(() => picker(page).locator('option').count()).toBe(2);
    const [session] = (await student.get<{ items: { id: string }[] }>('/api/sessions')).items;
    const losses = (await site.admin.events(session!.id)).filter(({ type }) => type === 'CAMERA_UNAVAILABLE');
    expect(losses).toEqual([]);
    await page.context().close();
  },
);

test.runIf(hasBrowser)(`data-camera-choice fills a select, changes the camera and remembers it${skipped}`, async () => {
  const exam = await site.admin.createExam({ calibration: { seconds: 0 } }, { title: 'Embedded choice' });
  const student = await site.student();
  const session = await student.startSession(exam.id);
  const embedding = await EmbeddingSite.start();
  embedding.ticket = () => student.post(`/api/sessions/${session.id}/ticket`);
  embedding.pages.set('/exam', {
    html: `<!doctype html><title>Exam</title><label>Camera <select id="camera"></select></label><video id="me"></video>
        <script src="/sdk/invigil.iife.js" data-server="${site.url}" data-ticket-url="/ticket/one"
          data-video="#me" data-camera-choice="#camera"></script>`,
  });
  const page = await (await browser.newContext()).newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  try {
    await page.goto(`${embedding.url}/exam`);
    await showing(page, 'fake_device_0');
    await picker(page).selectOption({ label: SECOND });
    await showing(page, SECOND);
    await waitFor('the choice to be kept', () => page.evaluate(`localStorage.getItem('invigil.camera') !== null`));
    await page.reload();
    await showing(page, SECOND);
    await expect.poll(() => chosen(picker(page))).toBe(SECOND);
  } finally {
    await page.context().close();
    await embedding.close();
  }
});
