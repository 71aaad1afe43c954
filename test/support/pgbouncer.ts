import { type ChildProcess, spawn } from 'node:child_process';
import { chownSync, existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { PostgresCluster } from './postgres-cluster.ts';
import { freePort } from './process.ts';
import { waitFor } from './server.ts';

const PROGRAM = '/usr/sbin/pgbouncer';
export const hasPgBouncer = existsSync(PROGRAM);

/** PgBouncer in transaction mode before a cluster, as Debian installs it. */
export class PgBouncer {
  readonly #folder: string;
  readonly #child: ChildProcess;
  readonly url: string;

  private constructor(folder: string, child: ChildProcess, url: string) {
    this.#folder = folder;
    this.#child = child;
    this.url = url;
  }

  static async start({ port, owner }: PostgresCluster): Promise<PgBouncer> {
    const folder = await mkdtemp(join(tmpdir(), 'invigil-pgbouncer-'));
    const own = await freePort();
    const file = join(folder, 'pgbouncer.ini');
    // `any` needs a fixed user.
    await writeFile(
      file,
      `[databases]\n* = host=127.0.0.1 port=${port} user=invigil\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = ${own}\nunix_socket_dir =\nauth_type = any\npool_mode = transaction\ndefault_pool_size = 5\n`,
    );
    if (owner) for (const path of [folder, file]) chownSync(path, owner.uid, owner.gid);
    const child = spawn(PROGRAM, [file], { ...owner, cwd: '/', stdio: 'ignore' });
    const bouncer = new PgBouncer(folder, child, `postgres://invigil@127.0.0.1:${own}/postgres`);
    await waitFor('PgBouncer', () => bouncer.#answers());
    return bouncer;
  }

  async remove(): Promise<void> {
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    if (this.#child.exitCode === null && this.#child.kill('SIGINT')) await gone;
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #answers(): Promise<boolean> {
    if (this.#child.exitCode !== null) throw new Error(`PgBouncer exited with ${this.#child.exitCode}`);
    const client = new pg.Client({ connectionString: this.url, ssl: false, connectionTimeoutMillis: 2000 });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.query('SELECT 1');
      return true;
    } catch {
      return false;
    } finally {
      await client.end().catch(() => {});
    }
  }
}
