import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { ADMIN } from './admin.ts';
import { Api } from './api.ts';
import { BASELINE_WASM } from './baseline-wasm.ts';
import type { TestDatabase } from './databases.ts';
import { waitFor } from './server.ts';

const ENTRY = fileURLToPath(new URL('../../dist/server/main.js', import.meta.url));

/** A port that was free a moment ago: a restarted server must keep its address. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** The compiled server in its own process, as an operator runs it. */
export class ServerProcess {
  readonly url: string;
  readonly #env: NodeJS.ProcessEnv;
  #child: ChildProcess | undefined;
  output = '';

  constructor(port: number, database: TestDatabase, env: NodeJS.ProcessEnv = {}) {
    this.url = `http://127.0.0.1:${port}`;
    this.#env = {
      PATH: process.env['PATH'],
      PORT: String(port),
      DATA_DIR: database.dataDir,
      ADMIN_EMAIL: ADMIN.email,
      ADMIN_PASSWORD: ADMIN.password,
      ...(database.url === undefined ? {} : { DATABASE_URL: database.url }),
      DRAIN_SECONDS: '0.5',
      ...env,
    };
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** @param outputs descriptors of standard output and error in the place of `output` */
  async start(...outputs: [stdout?: number, stderr?: number]): Promise<void> {
    const [stdout = 'pipe', stderr = 'pipe'] = outputs;
    const child = spawn(process.execPath, [...BASELINE_WASM, ENTRY], {
      env: this.#env,
      stdio: ['ignore', stdout, stderr],
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (data: Buffer) => (this.output += data.toString()));
    await waitFor('/health', async () => child.exitCode !== null || (await this.#status()) === 'ok');
    if (child.exitCode !== null) throw new Error(`the server exited: ${this.output}`);
  }

  async #status(): Promise<string | undefined> {
    try {
      return ((await (await fetch(`${this.url}/health`)).json()) as { status: string }).status;
    } catch {
      return undefined;
    }
  }

  /** Neither exited nor killed. */
  get isRunning(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Sends a signal and waits for the exit. @returns the exit code, null after a kill */
  async stop(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const gone = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
    child.kill(signal);
    return gone;
  }

  async admin(): Promise<Api> {
    const api = new Api(this.url);
    await api.login(ADMIN.email, ADMIN.password);
    return api;
  }
}
