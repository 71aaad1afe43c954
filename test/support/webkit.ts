import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clickActions, type DrivenBrowser, type DrivenPage, keyActions, middleOf } from './driven-browser.ts';
import { freePort } from './process.ts';
import { webkit } from './requirements.ts';
import { waitFor } from './server.ts';

/** WebKitGTK's own small browser by classic WebDriver: https://www.w3.org/TR/webdriver2/ */
export class WebKit implements DrivenBrowser {
  readonly name = 'WebKitGTK';
  readonly blankTitle = 'WebKitGTK MiniBrowser$';
  readonly barHeight = 25;
  version = '';
  readonly #url: string;
  readonly #end: () => Promise<void>;
  #session = '';
  /** Commands go to the current window: one after the other. */
  #last: Promise<unknown> = Promise.resolve();
  #current = '';
  /** The empty window, which stays: a command needs a window that is open. */
  #first: string | undefined;

  private constructor(url: string, end: () => Promise<void>) {
    this.#url = url;
    this.#end = end;
  }

  /** @param args of the browser */
  static async start(env: NodeJS.ProcessEnv, args: readonly string[] = []): Promise<WebKit> {
    const home = mkdtempSync(join(tmpdir(), 'invigil-webkit-'));
    const port = await freePort();
    const process = spawn(webkit!.driver, [`--port=${port}`], {
      env: { ...env, HOME: home, XDG_RUNTIME_DIR: home, XDG_CACHE_HOME: home, XDG_DATA_HOME: home },
      stdio: 'ignore',
    });
    const exited = once(process, 'exit');
    const driver = new WebKit(`http://127.0.0.1:${port}`, async () => {
      process.kill();
      await exited;
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    });
    await waitFor(
      'WebKitWebDriver',
      async () => (await fetch(`${driver.#url}/status`).catch(() => undefined))?.ok === true,
    );
    const binary = webkit!.browser;
    const { sessionId, capabilities } = await driver.#http<{
      sessionId: string;
      capabilities: { browserVersion: string };
    }>('POST', '/session', {
      capabilities: {
        alwaysMatch: {
          'webkitgtk:browserOptions': { binary, args: ['--automation', ...args] },
          unhandledPromptBehavior: 'ignore',
        },
      },
    });
    driver.#session = sessionId;
    driver.version = capabilities.browserVersion;
    return driver;
  }

  async #http<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(this.#url + path, { method, ...(body && { body: JSON.stringify(body) }) });
    const { value } = (await response.json()) as { value: unknown };
    if (!response.ok) throw new Error(`${path.split('/').at(-1)}: ${JSON.stringify(value)}`);
    return value as T;
  }

  /** A command in a window, or in none. */
  send<T>(handle: string | undefined, method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<T> {
    const next = this.#last.then(async () => {
      if (handle !== undefined && handle !== this.#current) {
        await this.#http('POST', `/session/${this.#session}/window`, { handle });
        this.#current = handle;
      }
      return this.#http<T>(method, `/session/${this.#session}${path}`, method === 'POST' ? (body ?? {}) : undefined);
    });
    this.#last = next.catch(() => {});
    return next;
  }

  async open(url: string): Promise<DrivenPage> {
    this.#first ??= (await this.send<string[]>(undefined, 'GET', '/window/handles'))[0]!;
    const { handle } = await this.send<{ handle: string }>(this.#first, 'POST', '/window/new', { type: 'window' });
    const page = new WebKitPage(this, handle);
    await page.goto(url);
    return page;
  }

  async close(): Promise<void> {
    await this.send(undefined, 'DELETE', '').catch(() => {});
    await this.#end();
  }
}

class WebKitPage implements DrivenPage {
  readonly #browser: WebKit;
  readonly #handle: string;

  constructor(browser: WebKit, handle: string) {
    this.#browser = browser;
    this.#handle = handle;
  }

  #post<T>(path: string, body: object = {}): Promise<T> {
    return this.#browser.send<T>(this.#handle, 'POST', path, body);
  }

  async goto(url: string): Promise<void> {
    await this.#post('/url', { url });
  }

  async reload(): Promise<void> {
    await this.#post('/refresh');
  }

  async back(): Promise<void> {
    await this.#post('/back');
  }

  async evaluate<T>(expression: string): Promise<T> {
    // An asynchronous script of WebKitWebDriver that fails is only reported as a timeout.
    const answer = await this.#post<{ value?: T; error?: string }>('/execute/async', {
      script: `const done = arguments[0];
        (async () => ({ value: await (${expression}) }))().then(done, (error) => done({ error: String(error) }));`,
      args: [],
    });
    if (answer.error !== undefined) throw new Error(`${expression}: ${answer.error}`);
    return answer.value as T;
  }

  async click(selector: string, button: 'left' | 'right' = 'left'): Promise<void> {
    const [x, y] = await this.evaluate<[number, number]>(middleOf(selector));
    const parameters = { pointerType: 'mouse' };
    await this.#post('/actions', {
      actions: [{ type: 'pointer', id: 'mouse', parameters, actions: clickActions(x, y, button) }],
    });
  }

  async press(...keys: readonly string[]): Promise<void> {
    await this.#post('/actions', { actions: [{ type: 'key', id: 'keys', actions: keyActions(keys) }] });
  }

  async close(): Promise<void> {
    await this.#browser.send(this.#handle, 'DELETE', '/window');
  }
}
