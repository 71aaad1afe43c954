import type { Event } from '../../../protocol/events.ts';
import type { PolicyInput } from '../../../protocol/policy.ts';
import type { Api } from '../../support/api.ts';
import { Display } from '../../support/display.ts';
import type { DrivenBrowser, DrivenPage } from '../../support/driven-browser.ts';
import { EmbeddingSite } from '../../support/embedding-site.ts';
import { startTestServer, type TestServer, waitFor } from '../../support/server.ts';

/** Attributes of the SDK's tag and the rest of its page. */
export interface Embedded {
  readonly body?: string;
  readonly attributes?: Readonly<Record<string, string | undefined>>;
  /** Script that runs before the SDK. */
  readonly before?: string;
  readonly csp?: string;
  readonly policy?: PolicyInput;
  readonly durationMinutes?: number;
}

let pages = 0;

/** A screen with a browser, the real server, and a site that embeds the SDK: shared by the tests of a file. */
export class Sitting {
  readonly display: Display;
  readonly browser: DrivenBrowser;
  readonly server: TestServer;
  readonly exam: EmbeddingSite;
  /** Another origin. */
  readonly other: EmbeddingSite;
  readonly students = new Map<string, Api>();

  private constructor(
    display: Display,
    browser: DrivenBrowser,
    server: TestServer,
    exam: EmbeddingSite,
    other: EmbeddingSite,
  ) {
    [this.display, this.browser, this.server, this.exam, this.other] = [display, browser, server, exam, other];
    exam.ticket = async (session) => ({ ...(await this.students.get(session)!.examTicket(session)), session });
  }

  static async start(browse: (env: NodeJS.ProcessEnv) => Promise<DrivenBrowser>): Promise<Sitting> {
    const [exam, other] = [await EmbeddingSite.start(), await EmbeddingSite.start()];
    const server = startTestServer({ vision: true, env: { ALLOWED_ORIGINS: exam.url } });
    const display = await Display.start();
    const browser = await browse(display.env);
    return new Sitting(display, browser, await server, exam, other);
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.display.close();
    await this.server.close();
    await this.exam.close();
    await this.other.close();
  }

  /** A session and a page of the exam's site with the SDK's tag for it; the tag's events are kept in `seen`. */
  async embed({
    body = '<p>Question</p>',
    attributes = {},
    before = '',
    csp,
    policy,
    durationMinutes,
  }: Embedded = {}): Promise<Exam> {
    const { id: examId } = await this.server.admin.createExam(
      policy,
      durationMinutes === undefined ? {} : { durationMinutes },
    );
    const student = await this.server.student();
    const { id: session } = await student.startSession(examId);
    this.students.set(session, student);
    const name = `Exam ${++pages} of ${this.browser.name}`;
    const tag = {
      src: `${this.server.url}/sdk/invigil.iife.js`,
      'data-server': this.server.url,
      'data-ticket-url': `/ticket/${session}`,
      'data-session': session,
      'data-camera': 'off',
      'data-banner': 'off',
      ...attributes,
    };
    const text = Object.entries(tag).flatMap(([key, value]) => (value === undefined ? [] : [`${key}="${value}"`]));
    const html = `<!doctype html><title>${name}</title>${body}<script>
      globalThis.seen = [];
      for (const name of ['camera', 'capture', 'analysis', 'state', 'ticketNeeded', 'error', 'signal', 'uplink'])
        document.addEventListener('invigil:' + name, ({ detail }) => seen.push({ name, ...detail, stream: undefined }));
      ${before}
    </script><script ${text.join(' ')}></script>`;
    const path = `/exam-${pages}`;
    this.exam.pages.set(path, csp === undefined ? { html } : { html, csp });
    return new Exam(this, session, name, this.exam.url + path);
  }

  /** Gives another window of the browser the focus. */
  async leaveWindow(): Promise<void> {
    const blank = await this.display.window(this.browser.blankTitle);
    await this.display.place(blank, 600, 500, 500, 300);
    await this.display.do('windowactivate', '--sync', blank);
  }
}

/** A session and its page. */
export class Exam {
  readonly session: string;
  readonly title: string;
  readonly url: string;
  readonly #sitting: Sitting;
  /** The newest one. */
  #window = '';

  constructor(sitting: Sitting, session: string, title: string, url: string) {
    this.#sitting = sitting;
    [this.session, this.title, this.url] = [session, title, url];
  }

  /** Opens the page in a window that has the focus. @param url a page that has it in a frame */
  async open(url = this.url): Promise<DrivenPage & AsyncDisposable> {
    const { browser, display } = this.#sitting;
    const page = await browser.open(url);
    this.#window = await display.window(this.title);
    // Beside the empty window: a page that is covered as a whole is hidden.
    await display.place(this.#window, 0, 0, 800, 700);
    await this.focusWindow();
    return Object.assign(page, { [Symbol.asyncDispose]: () => page.close() });
  }

  async focusWindow(): Promise<void> {
    await this.#sitting.display.do('windowactivate', '--sync', this.#window);
  }

  /** Clicks in the window, with its bars. @param x from its right side if negative */
  async clickWindow(x: number, y: number): Promise<void> {
    const { display } = this.#sitting;
    const [, width] = /Geometry: (\d+)x/.exec(await display.do('getwindowgeometry', this.#window))!;
    await display.do('mousemove', '--window', this.#window, x < 0 ? Number(width) + x : x, y, 'click', 1);
  }

  async minimise(): Promise<void> {
    await this.#sitting.display.do('windowminimize', this.#window);
  }

  /** Events that came from the page. */
  async reported(): Promise<Event[]> {
    return (await this.events()).filter(({ source }) => source === 'client');
  }

  async types(): Promise<string[]> {
    return (await this.reported()).map(({ type }) => type);
  }

  events(): Promise<Event[]> {
    return this.#sitting.server.admin.events(this.session);
  }

  event(type: string, count = 1): Promise<void> {
    return waitFor(
      `${count} ${type}`,
      async () => (await this.types()).filter((each) => each === type).length >= count,
    );
  }
}

/** Any driver's page. */
type Scripted = Pick<DrivenPage, 'evaluate'>;

/** @param frame expression of the window that has the SDK */
export const state = (page: Scripted, frame = 'globalThis') => page.evaluate(`${frame}.Invigil?.current?.state`);
export const live = (page: Scripted, frame?: string) =>
  waitFor('a live connection', async () => (await state(page, frame)) === 'live');
export const seen = (page: Scripted, name: string) =>
  page.evaluate<Record<string, unknown>[]>(`seen.filter((event) => event.name === '${name}')`);
export const pending = (page: Scripted) => page.evaluate<number>('Invigil.current.pending');
/** Signals stored in the browser's database. */
export const kept = (page: Scripted) =>
  page.evaluate<number>(`new Promise((resolve, reject) => {
    const opened = indexedDB.open('invigil');
    opened.onerror = () => reject(opened.error);
    opened.onsuccess = () => {
      const runs = opened.result.transaction('runs').objectStore('runs').getAll();
      runs.onsuccess = () => {
        opened.result.close();
        resolve(runs.result.reduce((sum, run) => sum + run.signals.length, 0));
      };
    };
  })`);
/** Signals `MADE_first` to `MADE_last`. */
export const make = (page: Scripted, first: number, last: number) =>
  page.evaluate(`(() => { for (let i = ${first}; i <= ${last}; i++) Invigil.current.signal('MADE_' + i, { i }) })()`);
export const made = (last: number) => Array.from({ length: last }, (_, i) => `MADE_${i + 1}`);

/** Waits until every signal before it is stored. */
export async function barrier(
  page: DrivenPage,
  exam: Exam,
  name = 'MADE_BARRIER',
  frame = 'globalThis',
): Promise<void> {
  await page.evaluate(`void ${frame}.Invigil.current.signal('${name}')`);
  await exam.event(name);
}

/** Waits longer than an absence of the focus that is not reported, by the page's clock. */
export async function lasting(page: DrivenPage): Promise<void> {
  const until = (await page.evaluate<number>('performance.now()')) + 1700;
  await waitFor('1.7 s', async () => (await page.evaluate<number>('performance.now()')) > until);
}
