import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { moduleArgs, modulePath } from '../../models/module-path.ts';
import { Api } from '../api.ts';

const START_MS = 60_000;
const STOP_MS = 15_000;
/** Last lines of the server's log, shown if it fails to start. */
const KEPT_LINES = 20;

export interface ServerOptions {
  /** Added to this process's environment; undefined removes a name. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Receives each log line of the server at level warn or above, as text. */
  readonly warn: (message: string) => void;
  /** Called when the server exits unexpectedly. */
  readonly died?: (code: number | null) => void;
  /** Module to run, as accepted by `modulePath`; default: the server. */
  readonly entry?: string;
}

interface LogLine {
  readonly level?: number;
  readonly msg?: string;
  readonly url?: string;
  readonly err?: { readonly message?: string };
}

/** A server in its own process, ready for use. */
export class ServerProcess {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #killWithUs: () => void;
  #stopping = false;

  private constructor(child: ChildProcess, url: string, killWithUs: () => void) {
    this.#child = child;
    this.url = url;
    this.#killWithUs = killWithUs;
  }

  /** Resolves when the models are loaded. @throws Error with the end of its log if it does not start */
  static async start({ env, warn, died, entry = 'server/main' }: ServerOptions): Promise<ServerProcess> {
    // Its own process group: Ctrl-C in a terminal reaches every process of a group, and this one stops its students
    // first.
    const child = spawn(process.execPath, ['--enable-source-maps', ...moduleArgs, modulePath(entry)], {
      // On this machine only, and with a log level that includes the listening message.
      env: { ...process.env, HOST: '127.0.0.1', LOG_LEVEL: 'info', ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    const killWithUs = (): void => void child.kill('SIGKILL');
    process.once('exit', killWithUs);
    const url = await listening(child, warn).catch((error: unknown) => {
      killWithUs();
      throw error;
    });
    const server = new ServerProcess(child, url, killWithUs);
    child.once('exit', (code) => {
      process.removeListener('exit', killWithUs);
      if (!server.#stopping) died?.(code);
    });
    const until = Date.now() + START_MS;
    while (!(await new Api(url).ready())) {
      if (Date.now() > until) throw new Error('the server does not become ready');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return server;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Stops the server, and kills it after a timeout. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    const timer = setTimeout(this.#killWithUs, STOP_MS);
    await gone;
    clearTimeout(timer);
  }
}

function listening(child: ChildProcess, warn: (message: string) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    const last: string[] = [];
    const timer = setTimeout(() => reject(new Error(`the server does not listen\n${last.join('\n')}`)), START_MS);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the server ended with code ${code}\n${last.join('\n')}`)));
    // Read until it exits: a full pipe would block it.
    createInterface({ input: child.stdout! }).on('line', (text) => {
      last.push(text);
      if (last.length > KEPT_LINES) last.shift();
      const line = parse(text);
      if (line.msg === 'listening' && line.url) {
        clearTimeout(timer);
        resolve(line.url);
      }
      if ((line.level ?? 0) >= 40) warn([line.msg, line.err?.message].filter(Boolean).join(': '));
    });
  });
}

function parse(text: string): LogLine {
  try {
    return JSON.parse(text) as LogLine;
  } catch {
    return {};
  }
}

/** Temporary data folder of a server, removed at the latest when this process exits. */
export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'invigil-'));
  const remove = (): void => {
    process.removeListener('exit', remove);
    // A process that has just ended may still be writing.
    rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  process.once('exit', remove);
  return { path, remove };
}
