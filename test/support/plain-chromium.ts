import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import WebSocket from 'ws';
import { chromiumPath } from './requirements.ts';

/** First window, in which nothing is opened. */
const BLANK = 'data:text/html,<title>Empty window</title>';

interface Answer {
  readonly id?: number;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

interface PlainChromiumOptions {
  readonly display?: string;
  readonly camera?: string;
}

/**
 * Chromium by its own protocol alone: Playwright makes each page believe that it has the focus and is visible. Pages
 * open in windows of their own.
 */
export class PlainChromium {
  readonly #socket: WebSocket;
  readonly #end: () => Promise<void>;
  readonly #group: number;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #id = 0;

  private constructor(socket: WebSocket, group: number, end: () => Promise<void>) {
    this.#socket = socket;
    this.#group = group;
    this.#end = end;
    socket.on('message', (data: Buffer) => {
      const answer = JSON.parse(data.toString()) as Answer;
      if (answer.id !== undefined) this.#waiting.get(answer.id)?.(answer);
    });
  }

  /**
   * @param display X display for real windows; headless without it
   * @param camera video file used as the camera (MJPEG or YUV4MPEG2)
   */
  static async start({ display, camera }: PlainChromiumOptions = {}): Promise<PlainChromium> {
    const folder = mkdtempSync(join(tmpdir(), 'invigil-chromium-'));
    const flags = [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--remote-debugging-port=0',
      '--password-store=basic',
    ];
    if (display === undefined) flags.push('--headless');
    if (camera !== undefined)
      flags.push(
        '--use-fake-ui-for-media-stream',
        '--use-fake-device-for-media-stream',
        `--use-file-for-fake-video-capture=${camera}`,
      );
    const child = spawn(chromiumPath!, [...flags, `--user-data-dir=${folder}`, BLANK], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ...(display !== undefined && { DISPLAY: display }) },
      // A group of its own, which `signal` reaches as a whole.
      detached: true,
    });
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const url = await new Promise<string>((resolve, reject) => {
      let text = '';
      child.stderr.on('data', (data: Buffer) => {
        text += data.toString();
        const found = /ws:\/\/\S+/.exec(text);
        if (found) resolve(found[0]);
      });
      child.once('exit', () => reject(new Error(`Chromium did not start: ${text}`)));
    });
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    return new PlainChromium(socket, child.pid!, async () => {
      socket.close();
      child.kill();
      await exited;
      // Its helpers still write to the profile.
      endGroup(child.pid!);
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    });
  }

  /** @param where a tab in the window of the last page, or a new window */
  async open(url: string, where: 'tab' | 'window'): Promise<PlainPage> {
    const { targetId } = await this.send('Target.createTarget', { url, newWindow: where === 'window' });
    const { sessionId } = await this.send('Target.attachToTarget', { targetId, flatten: true });
    return new PlainPage(this, String(targetId), String(sessionId));
  }

  async send(method: string, params: object = {}, sessionId?: string): Promise<Record<string, unknown>> {
    const id = ++this.#id;
    const answer = await new Promise<Answer>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#socket.send(JSON.stringify({ id, method, params, sessionId }));
    });
    this.#waiting.delete(id);
    if (answer.error) throw new Error(`${method}: ${answer.error.message}`);
    return answer.result ?? {};
  }

  /** Sends a signal to all of its processes: `SIGSTOP` and `SIGCONT` are sleep and waking. */
  signal(name: NodeJS.Signals): void {
    process.kill(-this.#group, name);
  }

  close(): Promise<void> {
    return this.#end();
  }
}

function endGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // None is left.
  }
}

/** One page. */
export class PlainPage {
  readonly #browser: PlainChromium;
  readonly #target: string;
  readonly #session: string;

  constructor(browser: PlainChromium, target: string, session: string) {
    this.#browser = browser;
    this.#target = target;
    this.#session = session;
  }

  /** Runs as if a person had just acted, which copying and file pickers require; waits while the page is replaced. */
  readonly evaluate = async (expression: string): Promise<unknown> => {
    for (let tries = 0; ; tries++) {
      try {
        const { result } = await this.#browser.send(
          'Runtime.evaluate',
          { expression, returnByValue: true, awaitPromise: true, userGesture: true },
          this.#session,
        );
        return (result as { value?: unknown }).value;
      } catch (error) {
        // Between two documents there is none to run it in.
        if (tries === 300 || !String(error).includes('Cannot find default execution context')) throw error;
        await delay(100);
      }
    }
  };

  /** Shows its tab. */
  async activate(): Promise<void> {
    await this.#browser.send('Target.activateTarget', { targetId: this.#target });
  }

  async close(): Promise<void> {
    await this.#browser.send('Target.closeTarget', { targetId: this.#target });
  }

  async setWindow(windowState: 'minimized' | 'normal'): Promise<void> {
    const { windowId } = await this.#browser.send('Browser.getWindowForTarget', { targetId: this.#target });
    await this.#browser.send('Browser.setWindowBounds', { windowId, bounds: { windowState } });
  }
}
