import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PolicyInput } from '../../protocol/policy.ts';
import type { Api } from '../support/api.ts';
import { hasBrowser, launch } from '../support/browser.ts';
import { EmbeddingSite } from '../support/embedding-site.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';

/** State that the SDK reports besides its signals, in Chromium. */
const skipped = hasBrowser ? '' : ' (skipped: no Chromium)';
const PATIENT = { timeout: 240_000 };

let exam: EmbeddingSite;
let server: TestServer;
let browser: Browser;
const students = new Map<string, Api>();

beforeAll(async () => {
  if (!hasBrowser) return;
  exam = await EmbeddingSite.start();
  exam.ticket = async (session) => ({ ...(await students.get(session)!.examTicket(session)), session });
  server = await startTestServer({ env: { ALLOWED_ORIGINS: exam.url } });
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  await exam?.close();
});

/** A page `/exam` with the SDK's tag, opened after `script`. */
async function sit(body: string, policy: PolicyInput = {}, script = '') {
  const { id: examId } = await server.admin.createExam(policy);
  const student = await server.student();
  const { id } = await student.startSession(examId);
  students.set(id, student);
  exam.pages.set('/exam', {
    html: `<!doctype html><title>Exam</title>${body}<script src="${server.url}/sdk/invigil.iife.js" data-server="${server.url}"
      data-ticket-url="/ticket/${id}" data-session="${id}" data-camera="off" data-banner="off"></script>`,
  });
  const context = await browser.newContext();
  const page = await context.newPage();
  if (script) await page.addInitScript(script);
  await page.goto(`${exam.url}/exam`);
  await waitFor('a live connection', async () => (await page.evaluate("Invigil.current.state === 'live'")) === true);
  const types = async () => (await server.admin.events(id)).map(({ type }) => type);
  return { id, page, types, [Symbol.asyncDispose]: () => context.close() };
}

/** The driver pretends that its pages always have the focus: the page is told otherwise as a browser would. */
const lose = (page: Page) => page.evaluate("document.hasFocus = () => false; void dispatchEvent(new Event('blur'))");
const gain = (page: Page) => page.evaluate("delete document.hasFocus; void dispatchEvent(new Event('focus'))");

/** Stops what tells a page that it is left. */
const SWALLOWS_EVENTS = `for (const type of ['blur', 'focus', 'visibilitychange'])
  addEventListener(type, (event) => event.stopImmediatePropagation(), true);`;
/** Stops the signals themselves on their way out. */
const SWALLOWS_SIGNALS = `const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function (data) {
    if (!(typeof data === 'string' && data.includes('"type":"signal"'))) send.call(this, data);
  };`;

test.runIf(hasBrowser)(
  `E10: an extension that swallows blur and visibilitychange hides no absence${skipped}`,
  PATIENT,
  async () => {
    await using sitting = await sit('<p>Question</p>', {}, SWALLOWS_EVENTS);
    await sitting.page.getByText('Question').click();
    await lose(sitting.page);
    await waitFor('the absence', async () => (await sitting.types()).includes('WINDOW_BLUR'));
  },
);

test.runIf(hasBrowser)(
  `E10: an extension that swallows the signals, too, is seen by the state: UNREPORTED_ABSENCE until the return${skipped}`,
  PATIENT,
  async () => {
    await using sitting = await sit('<p>Question</p>', {}, SWALLOWS_EVENTS + SWALLOWS_SIGNALS);
    await sitting.page.getByText('Question').click();
    await lose(sitting.page);
    await waitFor('the event', async () => (await sitting.types()).includes('UNREPORTED_ABSENCE'));
    const found = async () =>
      (await server.admin.events(sitting.id)).filter(({ type }) => type === 'UNREPORTED_ABSENCE');
    expect(await found()).toMatchObject([
      { source: 'connection', weight: 0, endedAt: null, details: { reported: 'unfocused', waiting: 1 } },
    ]);
    expect((await server.admin.events(sitting.id)).filter(({ source }) => source === 'client')).toEqual([]);
    await gain(sitting.page);
    await waitFor('its end', async () => (await found())[0]!.endedAt !== null);
    expect((await found())[0]!.durationMs).toBeGreaterThan(9_000);
  },
);

test.runIf(hasBrowser)(
  `the device keeps its id across pages and logins; a browser of its own has another one (E11)${skipped}`,
  PATIENT,
  async () => {
    await using first = await sit('<p>Question</p>');
    const id = await first.page.evaluate("localStorage.getItem('invigil-device')");
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    await first.page.reload();
    await waitFor(
      'a live connection',
      async () => (await first.page.evaluate("Invigil.current.state === 'live'")) === true,
    );
    expect(await first.page.evaluate("localStorage.getItem('invigil-device')")).toBe(id);
    expect(await first.types()).not.toContain('DEVICE_CHANGED');
    const elsewhere = await browser.newContext();
    const page = await elsewhere.newPage();
    await page.goto(`${exam.url}/exam`);
    await waitFor('the event', async () => (await first.types()).includes('DEVICE_CHANGED'));
    await elsewhere.close();
  },
);

test.runIf(hasBrowser)(
  `signals.ownFieldClipboard: ignore leaves out copying inside the page's fields, and nothing else${skipped}`,
  PATIENT,
  async () => {
    const copyIn = async (page: Page, selector: string) => {
      await page.locator(selector).click({ clickCount: 3 });
      await page.keyboard.press('Control+C');
    };
    const body =
      '<p id="text">Question</p><textarea id="field">answer</textarea><div id="editor" contenteditable>mine</div>';
    const play = async (policy: PolicyInput) => {
      await using sitting = await sit(body, policy);
      for (const selector of ['#field', '#editor', '#text']) await copyIn(sitting.page, selector);
      await sitting.page.evaluate("Invigil.current.signal('MADE_BARRIER')");
      await waitFor('the signals', async () => (await sitting.types()).includes('MADE_BARRIER'));
      return (await sitting.types()).filter((type) => type === 'COPY' || type === 'MADE_BARRIER');
    };
    expect(await play({ signals: { ownFieldClipboard: 'ignore' } })).toEqual(['COPY', 'MADE_BARRIER']);
    expect(await play({})).toEqual(['COPY', 'COPY', 'COPY', 'MADE_BARRIER']);
  },
);
