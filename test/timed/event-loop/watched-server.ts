import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Api } from '../../support/api.ts';
import { createDatabase } from '../../support/databases.ts';
import { freePort } from '../../support/process.ts';
import { waitFor } from '../../support/server.ts';

const ENTRY = fileURLToPath(new URL('../../../dist/server/main.js', import.meta.url));
const PROBE = fileURLToPath(new URL('probe.mjs', import.meta.url));
const ADMIN = { email: 'admin@example.org', password: 'a password for tests' };

/** The compiled server in its own process, reporting the turns of its event loop. */
export class WatchedServer {
  readonly url: string;
  readonly admin: Api;
  readonly #child: ChildProcess;
  readonly #remove: () => Promise<void>;

  private constructor(url: string, child: ChildProcess, remove: () => Promise<void>) {
    this.url = url;
    this.admin = new Api(url);
    this.#child = child;
    this.#remove = remove;
  }

  static async start(kind: 'pglite' | 'postgres'): Promise<WatchedServer> {
    const database = await createDatabase(kind);
    const port = await freePort();
    const env = {
      PATH: process.env['PATH'],
      PORT: String(port),
      DATA_DIR: database.dataDir,
      ADMIN_EMAIL: ADMIN.email,
      ADMIN_PASSWORD: ADMIN.password,
      ...(database.url === undefined ? {} : { DATABASE_URL: database.url }),
      LOG_LEVEL: 'silent',
      DRAIN_SECONDS: '0.1',
      // Each request comes from its own address, so that limits per address do not interfere with the measurement.
      TRUSTED_PROXIES: '127.0.0.1',
    };
    const child = spawn(process.execPath, ['--import', PROBE, ENTRY], {
      env,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const server = new WatchedServer(`http://127.0.0.1:${port}`, child, () => database.remove());
    await waitFor(
      'the server',
      async () =>
        child.exitCode !== null ||
        (await fetch(`${server.url}/ready`).then(
          ({ ok }) => ok,
          () => false,
        )),
      90_000,
    );
    return server;
  }

  login(): Promise<void> {
    return this.admin.login(ADMIN.email, ADMIN.password);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** CPU time of the fixed unit of work in that process, ms: the machine's current speed. */
  unit(): Promise<number> {
    return this.#ask('unit');
  }

  /** Longest turn of its event loop during `work`, ms of its main thread's CPU time. */
  async longestTurn(work: () => Promise<unknown>): Promise<number> {
    await this.#ask('start');
    await work();
    return this.#ask('stop');
  }

  async #ask(message: 'unit' | 'start' | 'stop'): Promise<number> {
    this.#child.send(message);
    const [answer] = (await once(this.#child, 'message')) as [{ ms: number }];
    return answer.ms;
  }

  async close(): Promise<void> {
    if (this.#child.exitCode === null) {
      this.#child.kill('SIGTERM');
      await once(this.#child, 'exit');
    }
    await this.#remove();
  }
}
