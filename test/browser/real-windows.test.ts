import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Api } from '../support/api.ts';
import { Display } from '../support/display.ts';
import { EmbeddingSite } from '../support/embedding-site.ts';
import { PlainChromium, type PlainPage } from '../support/plain-chromium.ts';
import { chromiumPath, hasDisplay } from '../support/requirements.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';

/** Focus in Chromium with windows on a screen, driven by its keyboard and mouse alone; the pages are only read. */
const hasAll = chromiumPath !== undefined && hasDisplay;
const skipped = hasAll ? '' : ' (skipped: no Chromium, Xvfb, openbox, xdotool and xprop)';

let display: Display;
let browser: PlainChromium;
let server: TestServer;
let exam: EmbeddingSite;
let platform: EmbeddingSite;
let blank: string;
const students = new Map<string, Api>();

beforeAll(async () => {
  if (!hasAll) return;
  [exam, platform, display] = await Promise.all([EmbeddingSite.start(), EmbeddingSite.start(), Display.start()]);
  exam.ticket = async (session) => ({ ...(await students.get(session)!.examTicket(session)), session });
  server = await startTestServer({ env: { ALLOWED_ORIGINS: exam.url } });
  browser = await PlainChromium.start({ display: display.env['DISPLAY']! });
  // Beside the exam: a page that is covered as a whole is hidden.
  blank = await display.window('^Empty window');
  await display.do('windowsize', blank, 500, 300, 'windowmove', blank, 740, 560);
});

afterAll(async () => {
  await browser?.close();
  await display?.close();
  await server?.close();
  await exam?.close();
  await platform?.close();
});

let windows = 0;

/** A window with the exam, which has the focus. */
class Desk {
  readonly page: PlainPage;
  readonly session: string;
  readonly #window: string;

  private constructor(page: PlainPage, session: string, window: string) {
    [this.page, this.session, this.#window] = [page, session, window];
  }

  /** @param site for a page with the exam in a frame */
  static async open(body: string, site?: EmbeddingSite): Promise<Desk & AsyncDisposable> {
    const { id: examId } = await server.admin.createExam();
    const student = await server.student();
    const { id: session } = await student.startSession(examId);
    students.set(session, student);
    const title = `Exam window ${++windows}`;
    exam.pages.set(`/exam-${windows}`, {
      html: `<!doctype html><title>${title}</title><body style="margin:0">${body}<script>
          document.addEventListener('invigil:state', ({ detail }) => top.postMessage(detail.state, '*'));
          addEventListener('message', ({ data }) => (globalThis.told = data));
        </script><script src="${server.url}/sdk/invigil.iife.js" data-server="${server.url}" data-ticket-url="/ticket/${session}"
          data-session="${session}" data-camera="off" data-banner="off"></script>`,
    });
    site?.pages.set(`/course-${windows}`, {
      html: `<!doctype html><title>${title}</title><body style="margin:0">
        <script>addEventListener('message', ({ data }) => (globalThis.told = data));</script>
        <iframe src="${exam.url}/exam-${windows}" style="display:block;width:400px;height:200px"></iframe><p>Course`,
    });
    const page = await browser.open(site ? `${site.url}/course-${windows}` : `${exam.url}/exam-${windows}`, 'window');
    const window = await display.window(title);
    await display.do('windowsize', window, 900, 700, 'windowmove', window, 0, 0);
    await display.do('windowactivate', '--sync', window);
    const desk = new Desk(page, session, window);
    await waitFor('a live connection', async () => (await page.evaluate('globalThis.told')) === 'live');
    await waitFor('the focus', async () => (await page.evaluate('document.hasFocus()')) === true);
    return Object.assign(desk, { [Symbol.asyncDispose]: () => page.close() });
  }

  /** Clicks in the page with the mouse. */
  async click(x: number, y: number): Promise<void> {
    const bars = Number(await this.page.evaluate('outerHeight - innerHeight'));
    await this.clickWindow(x, y + bars);
  }

  async clickWindow(x: number, y: number): Promise<void> {
    await display.do('mousemove', '--window', this.#window, x, y, 'click', 1);
  }

  async leave(): Promise<void> {
    await display.do('windowactivate', '--sync', blank);
  }

  async back(): Promise<void> {
    await display.do('windowactivate', '--sync', this.#window);
    await waitFor('the focus', async () => (await this.page.evaluate('document.hasFocus()')) === true);
  }

  async minimise(): Promise<void> {
    await display.do('windowminimize', this.#window);
  }

  /** The page loses the focus, for longer than an absence that is not reported. */
  async away(): Promise<void> {
    await waitFor('the loss of the focus', async () => (await this.page.evaluate('document.hasFocus()')) === false);
    const until = Number(await this.page.evaluate('performance.now()')) + 1700;
    await waitFor('1.7 s', async () => Number(await this.page.evaluate('performance.now()')) > until);
  }

  /** What the page has reported, once everything is stored. */
  async reported(): Promise<{ type: string; durationMs: number | null }[]> {
    await this.page.evaluate("Invigil.current.signal('MADE_BARRIER')");
    const all = async () => (await server.admin.events(this.session)).filter(({ source }) => source === 'client');
    await waitFor('the last signal', async () => (await all()).some(({ type }) => type === 'MADE_BARRIER'));
    return (await all()).filter(({ type }) => type !== 'MADE_BARRIER');
  }

  async types(): Promise<string[]> {
    return (await this.reported()).map(({ type }) => type);
  }
}

test.runIf(hasAll)(
  `E9: another window in front is WINDOW_BLUR, a minimised one TAB_SWITCH, each with its length and alone${skipped}`,
  async () => {
    await using desk = await Desk.open('<p>Question');
    await desk.leave();
    await desk.away();
    await desk.back();
    await desk.minimise();
    await waitFor('a hidden page', async () => (await desk.page.evaluate('document.visibilityState')) === 'hidden');
    await desk.back();
    const all = await desk.reported();
    expect(all.map(({ type }) => type)).toEqual(['WINDOW_BLUR', 'RETURNED_TO_EXAM', 'TAB_SWITCH', 'RETURNED_TO_EXAM']);
    expect(all[0]!.durationMs).toBeGreaterThan(1000);
    expect(all[2]!.durationMs).toBeGreaterThan(0);
  },
);

test.runIf(hasAll)(
  `the exam's own file picker is no event, although it covers the page; another window after it is WINDOW_BLUR${skipped}`,
  async () => {
    await using desk = await Desk.open(
      '<input type="file" style="position:absolute;left:20px;top:20px;width:200px;height:40px">',
    );
    const picker = '^Open File';
    await desk.click(60, 40);
    const dialog = await display.window(picker);
    await desk.away();
    await display.do('windowactivate', '--sync', dialog, 'key', 'Escape');
    await waitFor('the end of the picker', async () => (await display.windows(picker)).length === 0);
    await desk.back();
    expect(await desk.types()).toEqual([]);
    await desk.leave();
    await desk.away();
    expect(await desk.types()).toEqual(['WINDOW_BLUR']);
  },
);

test.runIf(hasAll)(`find bar and address bar, opened by their keys, are no WINDOW_BLUR${skipped}`, async () => {
  await using desk = await Desk.open('<p>Question');
  await display.do('key', 'ctrl+f');
  await desk.away();
  await display.do('key', 'Escape');
  await desk.back();
  await display.do('key', 'ctrl+l');
  await desk.away();
  await desk.click(300, 300);
  await desk.back();
  expect(await desk.types()).toEqual([]);
});

test.runIf(hasAll)(
  `a click beside the exam in a learning platform's frame is no WINDOW_BLUR, nor is one into the frame${skipped}`,
  async () => {
    for (const site of [exam, platform]) {
      await using desk = await Desk.open('<p>Question', site);
      await desk.click(100, 100);
      await desk.click(500, 400);
      await waitFor(
        'the focus beside',
        async () => (await desk.page.evaluate('document.activeElement.tagName')) === 'BODY',
      );
      const until = Number(await desk.page.evaluate('performance.now()')) + 1700;
      await waitFor('1.7 s', async () => Number(await desk.page.evaluate('performance.now()')) > until);
      await desk.click(100, 100);
      await desk.leave();
      await waitFor('1.7 s', async () => Number(await desk.page.evaluate('performance.now()')) > until + 2500);
      const all = (await server.admin.events(desk.session)).filter(({ source }) => source === 'client');
      // Around it another origin: not even leaving the window can be told.
      expect(all.map(({ type }) => type)).toEqual(site === exam ? ['WINDOW_BLUR'] : []);
    }
  },
);

test.runIf(hasAll)(
  `the address bar clicked for more than a second is WINDOW_BLUR: Chromium does not tell it from another window${skipped}`,
  async () => {
    await using desk = await Desk.open('<p>Question');
    await desk.clickWindow(300, 60);
    await desk.away();
    await desk.click(300, 300);
    await desk.back();
    expect(await desk.types()).toEqual(['WINDOW_BLUR', 'RETURNED_TO_EXAM']);
  },
);
