import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import WebSocket from 'ws';
import { clickActions, type DrivenBrowser, type DrivenPage, keyActions, middleOf } from './driven-browser.ts';
import { firefoxPath } from './requirements.ts';

type Result = Record<string, unknown>;
interface Answer {
  readonly id?: number;
  readonly result?: Result;
  readonly error?: string;
  readonly message?: string;
}

/** A camera that needs no device and no question, and no requests to other machines. */
const PREFERENCES = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  // Among these: pages that always have the focus.
  'remote.prefs.recommended': false,
  'app.normandy.enabled': false,
  'app.update.disabledForTesting': true,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.page': 0,
  'browser.aboutwelcome.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,',
  'toolkit.telemetry.server': 'data:,',
};

/** Firefox by WebDriver BiDi, which it serves by itself: https://www.w3.org/TR/webdriver-bidi/ */
export class Firefox implements DrivenBrowser {
  readonly name = 'Firefox';
  readonly blankTitle = '^Mozilla Firefox$';
  readonly barHeight = 62;
  version = '';
  readonly #socket: WebSocket;
  readonly #end: () => Promise<void>;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #id = 0;

  private constructor(socket: WebSocket, end: () => Promise<void>) {
    this.#socket = socket;
    this.#end = end;
    socket.on('message', (data: Buffer) => {
      const answer = JSON.parse(data.toString()) as Answer;
      if (answer.id !== undefined) this.#waiting.get(answer.id)?.(answer);
    });
  }

  static async start(
    env: NodeJS.ProcessEnv,
    preferences: Readonly<Record<string, boolean | number | string>> = {},
  ): Promise<Firefox> {
    const profile = mkdtempSync(join(tmpdir(), 'invigil-firefox-'));
    const all = Object.entries({ ...PREFERENCES, ...preferences });
    writeFileSync(
      join(profile, 'user.js'),
      all.map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`).join(''),
    );
    const process = spawn(
      firefoxPath!,
      [
        '--remote-debugging-port',
        '0',
        '--profile',
        profile,
        '--no-remote',
        '--width',
        '800',
        '--height',
        '600',
        'about:blank',
      ],
      {
        env: { ...env, HOME: profile, MOZ_CRASHREPORTER_DISABLE: '1' },
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    const exited = once(process, 'exit');
    const url = await new Promise<string>((resolve, reject) => {
      let text = '';
      process.stderr.on('data', (data: Buffer) => {
        text += data.toString();
        const found = /WebDriver BiDi listening on (ws:\/\/\S+)/.exec(text);
        if (found) resolve(found[1]!);
      });
      process.once('exit', () => reject(new Error(`Firefox did not start: ${text}`)));
    });
    const socket = new WebSocket(`${url}/session`);
    await once(socket, 'open');
    const firefox = new Firefox(socket, async () => {
      socket.close();
      process.kill();
      await exited;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    });
    const { capabilities } = await firefox.send('session.new', {
      capabilities: { alwaysMatch: { unhandledPromptBehavior: { default: 'ignore' } } },
    });
    firefox.version = String((capabilities as Result)['browserVersion']);
    return firefox;
  }

  async send(method: string, params: object = {}): Promise<Result> {
    const id = ++this.#id;
    const answer = await new Promise<Answer>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
    this.#waiting.delete(id);
    if (answer.error !== undefined) throw new Error(`${method}: ${answer.error}: ${answer.message}`);
    return answer.result ?? {};
  }

  async open(url: string, where: 'tab' | 'window' = 'window'): Promise<DrivenPage> {
    const { context } = await this.send('browsingContext.create', { type: where });
    const page = new FirefoxPage(this, String(context));
    await page.goto(url);
    return page;
  }

  close(): Promise<void> {
    return this.#end();
  }
}

class FirefoxPage implements DrivenPage {
  readonly #browser: Firefox;
  readonly #context: string;

  constructor(browser: Firefox, context: string) {
    this.#browser = browser;
    this.#context = context;
  }

  #send(method: string, params: object = {}): Promise<Result> {
    return this.#browser.send(method, { context: this.#context, ...params });
  }

  async goto(url: string): Promise<void> {
    await this.#send('browsingContext.navigate', { url, wait: 'complete' });
  }

  async reload(): Promise<void> {
    await this.#send('browsingContext.reload', { wait: 'complete' });
  }

  async back(): Promise<void> {
    await this.#send('browsingContext.traverseHistory', { delta: -1 });
  }

  /** As JSON: BiDi has a form of its own for values. */
  async evaluate<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.#browser.send('script.evaluate', {
      expression: `(async () => JSON.stringify(await (${expression})))()`,
      target: { context: this.#context },
      awaitPromise: true,
    });
    if (exceptionDetails) throw new Error(`${expression}: ${String((exceptionDetails as Result)['text'])}`);
    const { value } = result as { value?: string };
    return (value === undefined ? undefined : JSON.parse(value)) as T;
  }

  async click(selector: string, button: 'left' | 'right' = 'left'): Promise<void> {
    const [x, y] = await this.evaluate<[number, number]>(middleOf(selector));
    const actions = [{ type: 'pointer', id: 'mouse', actions: clickActions(x, y, button) }];
    await this.#send('input.performActions', { actions });
  }

  async press(...keys: readonly string[]): Promise<void> {
    await this.#send('input.performActions', { actions: [{ type: 'key', id: 'keys', actions: keyActions(keys) }] });
  }

  async close(): Promise<void> {
    await this.#send('browsingContext.close');
  }
}
