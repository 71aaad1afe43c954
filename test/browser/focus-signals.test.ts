import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Api } from '../support/api.ts';
import { hasBrowser, launch } from '../support/browser.ts';
import { EmbeddingSite, startCable } from '../support/embedding-site.ts';
import { PlainChromium } from '../support/plain-chromium.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';

/** Focus, frames and navigations of an exam page of another site, in Chromium with its real events. */
const skipped = hasBrowser ? '' : ' (skipped: no Chromium)';
const PATIENT = { timeout: 240_000 };

let exam: EmbeddingSite;
/** Another origin: an editor in a frame, a learning platform around the exam, a site that a link leads to. */
let other: EmbeddingSite;
let server: TestServer;
let browser: Browser;
const students = new Map<string, Api>();

beforeAll(async () => {
  if (!hasBrowser) return;
  [exam, other] = [await EmbeddingSite.start(), await EmbeddingSite.start()];
  exam.ticket = async (session) => ({ ...(await students.get(session)!.examTicket(session)), session });
  server = await startTestServer({ env: { ALLOWED_ORIGINS: exam.url } });
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  await exam?.close();
  await other?.close();
});

/** A page `/exam` with the SDK's tag. @returns id of its session */
async function embed(body: string, attributes = '', at = server.url): Promise<string> {
  const { id: examId } = await server.admin.createExam();
  const student = await server.student();
  const { id } = await student.startSession(examId);
  students.set(id, student);
  exam.pages.set('/exam', {
    html: `<!doctype html><title>Exam</title>${body}<script src="${server.url}/sdk/invigil.iife.js" data-server="${at}"
      data-ticket-url="/ticket/${id}" data-session="${id}" data-camera="off" data-banner="off" ${attributes}></script>`,
  });
  return id;
}

async function open(url: string): Promise<Page & AsyncDisposable> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(url);
  return Object.assign(page, { [Symbol.asyncDispose]: () => context.close() });
}

interface Where {
  evaluate(expression: string): Promise<unknown>;
}
const live = (page: Where) =>
  waitFor('a live connection', async () => (await page.evaluate('globalThis.Invigil?.current?.state')) === 'live');

const reported = async (session: string) =>
  (await server.admin.events(session)).filter(({ source }) => source === 'client');
const types = async (session: string) => (await reported(session)).map(({ type }) => type);
const event = (session: string, type: string, count = 1) =>
  waitFor(`${count} ${type}`, async () => (await types(session)).filter((each) => each === type).length >= count);
/** Waits until everything before it is stored. */
async function barrier(page: Where, session: string, name = 'MADE_BARRIER'): Promise<void> {
  await page.evaluate(`Invigil.current.signal('${name}')`);
  await event(session, name);
}

/** The driver pretends that its pages always have the focus: the page is told otherwise as a browser would. */
function focusOf(page: Page): { lose(): Promise<void>; gain(): Promise<void> } {
  return {
    lose: () => page.evaluate("document.hasFocus = () => false; void dispatchEvent(new Event('blur'))"),
    gain: () => page.evaluate("delete document.hasFocus; void dispatchEvent(new Event('focus'))"),
  };
}
/** Longer than a blur that is not reported. */
const lasting = (page: Page) => page.waitForTimeout(2500);

test.runIf(hasBrowser)(
  `E9: leaving the window, also from inside a frame, is WINDOW_BLUR with its length; a click into a frame is none${skipped}`,
  PATIENT,
  async () => {
    other.pages.set('/editor', { html: '<!doctype html><textarea>foreign</textarea>' });
    const session = await embed(`<p>Question</p><iframe id="foreign" src="${other.url}/editor"></iframe>`);
    await using page = await open(`${exam.url}/exam`);
    await live(page);
    const focus = focusOf(page);
    await page.getByText('Question').click();
    await page.frameLocator('#foreign').locator('textarea').click();
    await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('foreign');
    await lasting(page);
    await barrier(page, session);
    expect(await types(session)).toEqual(['MADE_BARRIER']);

    await focus.lose();
    await event(session, 'WINDOW_BLUR');
    await focus.gain();
    await event(session, 'RETURNED_TO_EXAM');
    const [, blur] = await reported(session);
    expect(blur).toMatchObject({ type: 'WINDOW_BLUR', weight: 1 });
    expect(blur!.durationMs).toBeGreaterThan(900);
  },
);

test.runIf(hasBrowser)(
  `a file picker, a print dialog and the find bar are no WINDOW_BLUR; leaving the window after them is${skipped}`,
  PATIENT,
  async () => {
    const session = await embed(
      `<input type="file" id="file"><label for="file">Upload</label>
       <button onclick="detached = document.createElement('input'); detached.type = 'file'; detached.click()">Attach</button>`,
    );
    await using page = await open(`${exam.url}/exam`);
    await live(page);
    const focus = focusOf(page);
    for (const [name, end] of [
      ['Upload', 'change'],
      ['Attach', 'cancel'],
    ] as const) {
      const chooser = page.waitForEvent('filechooser');
      await page.getByText(name).click();
      await focus.lose();
      await lasting(page);
      if (end === 'change')
        await (await chooser).setFiles({ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('a') });
      else await page.evaluate("detached.dispatchEvent(new Event('cancel'))");
      await focus.gain();
    }
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    await focus.lose();
    await lasting(page);
    await page.evaluate("dispatchEvent(new Event('afterprint'))");
    await focus.gain();
    await page.keyboard.press('Control+f');
    await focus.lose();
    await lasting(page);
    await focus.gain();
    await barrier(page, session);
    expect(await types(session)).toEqual(['MADE_BARRIER']);
    await focus.lose();
    await event(session, 'WINDOW_BLUR');
  },
);

test.runIf(hasBrowser)(
  `in a learning platform's frame a click beside the exam is no WINDOW_BLUR, of its own origin and of another${skipped}`,
  PATIENT,
  async () => {
    for (const site of [exam, other]) {
      const session = await embed('<p>Question</p>');
      site.pages.set('/platform', {
        html: `<!doctype html><h1>Course</h1><iframe src="${exam.url}/exam" allow="camera"></iframe>`,
      });
      await using page = await open(`${site.url}/platform`);
      const frame = page.frames()[1]!;
      await live(frame);
      await page.frameLocator('iframe').getByText('Question').click();
      await page.getByText('Course').click();
      await expect.poll(() => frame.evaluate('document.hasFocus()')).toBe(false);
      await lasting(page);
      await barrier(frame, session);
      expect(await types(session)).toEqual(['MADE_BARRIER']);
    }
  },
);

test.runIf(hasBrowser)(
  `copying, cutting, pasting and context menus are reported in frames, however they came to be; sandboxed ones cause no error${skipped}`,
  PATIENT,
  async () => {
    const form = '<textarea>12345</textarea>';
    exam.pages.set('/first', { html: `<!doctype html>${form}` });
    exam.pages.set('/second', { html: `<!doctype html><iframe src="/first" id="inner"></iframe>` });
    other.pages.set('/told', {
      html: `<!doctype html>${form}<script src="${server.url}/sdk/frame.js" data-parent="${exam.url}"></script>`,
    });
    const session = await embed(
      `<iframe id="navigated" src="/first"></iframe><iframe id="sandboxed" sandbox="allow-scripts" srcdoc="x"></iframe>
       <iframe id="told" src="${other.url}/told"></iframe>`,
      `data-frames="${other.url}"`,
    );
    await using page = await open(`${exam.url}/exam`);
    const errors: unknown[] = [];
    page.on('pageerror', (error) => errors.push(error));
    await live(page);
    const field = (...frames: string[]) => {
      let inside: Pick<Page, 'frameLocator' | 'locator'> = page;
      for (const frame of frames) inside = inside.frameLocator(frame);
      return inside.locator('textarea');
    };
    const press = async (key: string, ...frames: string[]) => {
      await field(...frames).selectText();
      await field(...frames).press(key);
    };
    await press('Control+c', '#navigated');
    await event(session, 'COPY');
    // The frame goes to another document, with a frame of its own.
    await page.evaluate("document.getElementById('navigated').src = '/second'");
    await press('Control+x', '#navigated', '#inner');
    await event(session, 'CUT');
    // A frame without an address whose document is written, as editors do: that removes its listeners.
    await page.evaluate(`{
      const frame = document.body.appendChild(document.createElement('iframe'));
      frame.id = 'written';
      frame.contentDocument.open();
      frame.contentDocument.write('${form}');
      frame.contentDocument.close();
    }`);
    // The next look, by the clock.
    await page.waitForTimeout(600);
    await press('Control+v', '#written');
    await event(session, 'PASTE');
    await field('#told').click({ button: 'right' });
    await event(session, 'CONTEXT_MENU');
    await press('Control+c', '#told');
    await event(session, 'COPY', 2);
    const all = (await reported(session)).map(({ type, details }) => [type, details['data'] ?? {}]);
    expect(all).toEqual([
      ['COPY', { length: 5 }],
      ['CUT', { length: 5 }],
      ['PASTE', { length: 5 }],
      ['CONTEXT_MENU', { frame: other.url }],
      ['COPY', { frame: other.url, length: 5 }],
    ]);
    // Another site's frame cannot make other signals, and a frame that is not listed none at all.
    const told = page.frames().find((frame) => frame.url() === `${other.url}/told`)!;
    await told.evaluate("parent.postMessage({ source: 'invigil-frame', signal: 'TAB_SWITCH' }, '*')");
    await page.evaluate("postMessage({ source: 'invigil-frame', signal: 'COPY', length: 1 }, '*')");
    await barrier(page, session);
    expect(await types(session)).toHaveLength(6);
    expect(errors).toEqual([]);
  },
);

test.runIf(hasBrowser)(
  `E9: a link to another site is PAGE_LEFT with its length; a reload and the exam's next page are not${skipped}`,
  PATIENT,
  async () => {
    other.pages.set('/', { html: '<!doctype html><p>Another site</p>' });
    const session = await embed(`<a href="${other.url}/">Search</a><a href="/exam?page=2">Next</a>`);
    await using page = await open(`${exam.url}/exam`);
    await live(page);
    await page.reload();
    await live(page);
    await page.getByText('Next').click();
    await page.waitForURL('**/exam?page=2');
    await live(page);
    await barrier(page, session);
    expect(await types(session)).toEqual(['MADE_BARRIER']);

    await page.getByText('Search').click();
    await page.getByText('Another site').waitFor();
    await event(session, 'PAGE_LEFT');
    await page.goBack();
    await live(page);
    await event(session, 'RETURNED_TO_EXAM');
    await barrier(page, session, 'MADE_LAST');
    expect(await types(session)).toEqual(['MADE_BARRIER', 'PAGE_LEFT', 'RETURNED_TO_EXAM', 'MADE_LAST']);
    const left = (await reported(session))[1]!;
    expect(left.weight).toBe(3);
    expect(left.durationMs).toBeGreaterThan(0);
    const all = (await server.admin.events(session)).map(({ type }) => type);
    expect(all).not.toContain('SEQUENCE_CONFLICT');
    expect(all).not.toContain('SESSION_TAKEOVER');
  },
);

test.runIf(hasBrowser)(
  `S4: PAGE_LEFT without a connection arrives with the next page, once, beside the signals before it${skipped}`,
  PATIENT,
  async () => {
    other.pages.set('/', { html: '<!doctype html><p>Another site</p>' });
    const cable = await startCable(server.url);
    try {
      const session = await embed(`<a href="${other.url}/">Search</a>`, '', cable.url);
      await using page = await open(`${exam.url}/exam`);
      await live(page);
      await barrier(page, session, 'MADE_FIRST');
      cable.cut();
      await waitFor('the gap', async () => (await page.evaluate('Invigil.current.state')) !== 'live');
      await page.evaluate("Invigil.current.signal('MADE_SECOND')");
      await page.getByText('Search').click();
      await page.getByText('Another site').waitFor();
      cable.mend();
      await page.goBack();
      await live(page);
      await barrier(page, session);
      expect(await types(session)).toEqual([
        'MADE_FIRST',
        'MADE_SECOND',
        'PAGE_LEFT',
        'RETURNED_TO_EXAM',
        'MADE_BARRIER',
      ]);
      const all = (await server.admin.events(session)).map(({ type }) => type);
      expect(all).not.toContain('SEQUENCE_CONFLICT');
    } finally {
      await cable.close();
    }
  },
);

test.runIf(hasBrowser)(
  `a page that is hidden from its first moment is TAB_SWITCH, once, with its length${skipped}`,
  PATIENT,
  async () => {
    const session = await embed('<p>Question</p>');
    await using page = await open(`${other.url}/`);
    await page.addInitScript(
      "Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true })",
    );
    await page.goto(`${exam.url}/exam`);
    await live(page);
    await event(session, 'TAB_SWITCH');
    await page.evaluate("delete document.visibilityState; document.dispatchEvent(new Event('visibilitychange'))");
    await event(session, 'RETURNED_TO_EXAM');
    const [hidden, ...others] = await reported(session);
    expect(hidden).toMatchObject({ type: 'TAB_SWITCH', details: { data: { fromStart: true } } });
    expect(hidden!.durationMs).toBeGreaterThan(0);
    expect(others.map(({ type }) => type)).toEqual(['RETURNED_TO_EXAM']);
  },
);

test.runIf(hasBrowser)(
  `another tab in front and a minimised window are one TAB_SWITCH each, with its length, and no WINDOW_BLUR${skipped}`,
  PATIENT,
  async () => {
    const session = await embed('<p>Question</p>');
    const chromium = await PlainChromium.start();
    try {
      const page = await chromium.open(`${exam.url}/exam`, 'window');
      await live(page);
      await waitFor('the focus', async () => (await page.evaluate('document.hasFocus()')) === true);
      await page.setWindow('minimized');
      await event(session, 'TAB_SWITCH');
      await page.setWindow('normal');
      await event(session, 'RETURNED_TO_EXAM');
      await chromium.open('about:blank', 'tab');
      await event(session, 'TAB_SWITCH', 2);
      await page.activate();
      await event(session, 'RETURNED_TO_EXAM', 2);
      await barrier(page, session);
      const all = await reported(session);
      expect(all.map(({ type }) => type)).toEqual([
        'TAB_SWITCH',
        'RETURNED_TO_EXAM',
        'TAB_SWITCH',
        'RETURNED_TO_EXAM',
        'MADE_BARRIER',
      ]);
      for (const absence of [all[0]!, all[2]!]) expect(absence.durationMs).toBeGreaterThan(0);
    } finally {
      await chromium.close();
    }
  },
);

test.runIf(hasBrowser)(
  `nothing is reported where the browser does nothing: keys without a selection, events of scripts, menus of the page${skipped}`,
  PATIENT,
  async () => {
    other.pages.set('/tool', {
      html: `<!doctype html><p oncontextmenu="return false">tool</p><script src="${server.url}/sdk/frame.js"></script>`,
    });
    const session = await embed(
      `<p id="text">Question</p><textarea id="field">answer</textarea>
       <p id="own" oncontextmenu="return false">a drawing with a menu of its own</p>
       <iframe id="foreign" src="${other.url}/tool"></iframe>`,
      `data-frames="${other.url}"`,
    );
    await using page = await open(`${exam.url}/exam`);
    await live(page);
    await page.locator('#text').click();
    for (const key of ['c', 'x']) await page.keyboard.press(`Control+${key}`);
    await page.locator('#own').click({ button: 'right' });
    const foreign = page.frameLocator('#foreign').locator('p');
    await foreign.click();
    await page.keyboard.press('Control+c');
    await foreign.click({ button: 'right' });
    await page.evaluate(`
      for (const name of ['copy', 'cut', 'paste']) field.dispatchEvent(new ClipboardEvent(name, { bubbles: true }));
      field.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true }));
    `);
    await page.waitForTimeout(300);
    await barrier(page, session);
    expect(await types(session)).toEqual(['MADE_BARRIER']);

    // An editor that copies a line without a selection, and a menu of the browser.
    await page.evaluate("document.addEventListener('copy', (event) => event.preventDefault())");
    await page.locator('#text').click();
    await page.keyboard.press('Control+c');
    await page.locator('#text').click({ button: 'right' });
    await barrier(page, session, 'MADE_SECOND');
    await waitFor('both', async () => (await types(session)).length >= 4);
    expect((await types(session)).toSorted()).toEqual(['CONTEXT_MENU', 'COPY', 'MADE_BARRIER', 'MADE_SECOND']);
  },
);

test.runIf(hasBrowser)(
  `leaving the full screen of a video or of another site's player is no FULLSCREEN_EXIT; that of the page is one${skipped}`,
  PATIENT,
  async () => {
    other.pages.set('/player', { html: '<!doctype html><p>player</p>' });
    const session = await embed(
      `<video id="film"></video><iframe id="player" allow="fullscreen" src="${other.url}/player"></iframe>
       <button onclick="film.requestFullscreen()">Film</button><button onclick="player.requestFullscreen()">Player</button>
       <button onclick="document.documentElement.requestFullscreen()">Page</button>`,
    );
    await using page = await open(`${exam.url}/exam`);
    await live(page);
    for (const name of ['Film', 'Player', 'Page']) {
      await page.getByRole('button', { name }).click();
      await waitFor('full screen', () => page.evaluate<boolean>('document.fullscreenElement !== null'));
      await barrier(page, session, `MADE_${name.toUpperCase()}`);
      await page.evaluate('document.exitFullscreen()');
    }
    await event(session, 'FULLSCREEN_EXIT');
    expect(await types(session)).toEqual(['MADE_FILM', 'MADE_PLAYER', 'MADE_PAGE', 'FULLSCREEN_EXIT']);
  },
);
