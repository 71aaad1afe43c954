import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { moduleArgs, modulePath } from '../../models/module-path.ts';
import { Api } from '../api.ts';

const START_MS = 60_000;
const STOP_MS = 15_000;
/** Last lines of the server's log that are kept to tell why it did not start. */
const KEPT_LINES = 20;

export interface ServerOptions {
  /** Added to this process's environment; undefined takes a name away. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A line of the server's log that is a warning or worse, in words. */
  readonly warn: (message: string) => void;
  /** Called when the server exits unexpectedly. */
  readonly died?: (code: number | null) => void;
  /** Module to run, as `modulePath` takes it; default: the server. */
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

  /** Resolves when the models are loaded. @throws Error with the end of its log when it does not start */
  static async start({ env, warn, died, entry = 'server/main' }: ServerOptions): Promise<ServerProcess> {
    // A group of its own: Ctrl-C in a terminal reaches every process of a group, and this one stops its students first.
    const child = spawn(process.execPath, ['--enable-source-maps', ...moduleArgs, modulePath(entry)], {
      // On this machine only, and with a log that tells when it listens.
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
    // Read to the end of its life: a full pipe would stop it.
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

/** A folder for a server's data that is gone afterwards, at the latest when this process exits. */
export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'invigil-'));
  const remove = (): void => {
    process.removeListener('exit', remove);
    // A process that was ended a moment ago may still write.
    rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  process.once('exit', remove);
  return { path, remove };
}
