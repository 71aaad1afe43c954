import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { freePort } from './process.ts';
import { postgresPrograms } from './requirements.ts';
import { waitFor } from './server.ts';

/** PostgreSQL refuses to run as root. */
function owner(): { uid: number; gid: number } | undefined {
  if (userInfo().uid !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** PostgreSQL server of one test, which can be killed, frozen and filled up. */
export class PostgresCluster {
  readonly url: string;
  /** Holds the Unix socket. */
  readonly folder: string;
  readonly #data: string;
  readonly #remove: string | undefined;
  readonly #port: number;
  readonly #owner = owner();
  #child: ChildProcess | undefined;
  output = '';

  private constructor(folder: string, port: number, remove: boolean) {
    this.folder = folder;
    this.#data = join(folder, 'data');
    this.#port = port;
    this.#remove = remove ? folder : undefined;
    this.url = `postgres://invigil@127.0.0.1:${port}/postgres`;
  }

  /** Creates and starts a cluster. @param folder default: a temporary one, which `remove` deletes */
  static async start(folder?: string, options: readonly string[] = []): Promise<PostgresCluster> {
    const at = folder ?? (await mkdtemp(join(tmpdir(), 'invigil-cluster-')));
    const cluster = new PostgresCluster(at, await freePort(), folder === undefined);
    if (cluster.#owner) chownSync(at, cluster.#owner.uid, cluster.#owner.gid);
    execFileSync(join(postgresPrograms!, 'initdb'), ['-D', cluster.#data, '-U', 'invigil', '-A', 'trust', ...options], {
      ...cluster.#owner,
      cwd: '/',
      stdio: 'ignore',
    });
    await cluster.start();
    return cluster;
  }

  /** Copies a running cluster and follows it. */
  static async standbyOf(primary: PostgresCluster): Promise<PostgresCluster> {
    const folder = await mkdtemp(join(tmpdir(), 'invigil-standby-'));
    const standby = new PostgresCluster(folder, await freePort(), true);
    if (standby.#owner) chownSync(folder, standby.#owner.uid, standby.#owner.gid);
    const from = ['-h', '127.0.0.1', '-p', String(primary.port), '-U', 'invigil'];
    execFileSync(
      join(postgresPrograms!, 'pg_basebackup'),
      ['-D', standby.#data, '-R', '-c', 'fast', '-X', 'stream', ...from],
      { ...standby.#owner, cwd: '/', stdio: 'ignore' },
    );
    await standby.start();
    return standby;
  }

  /** Ends the standby's recovery: it takes writes when this resolves. */
  promote(): void {
    execFileSync(join(postgresPrograms!, 'pg_ctl'), ['promote', '-w', '-D', this.#data], {
      ...this.#owner,
      cwd: '/',
      stdio: 'ignore',
    });
  }

  /** The user that runs it; undefined: the user of the test. */
  get owner(): { readonly uid: number; readonly gid: number } | undefined {
    return this.#owner;
  }

  get port(): number {
    return this.#port;
  }

  /** Runs one statement on a connection of its own. */
  async query<Row extends pg.QueryResultRow>(text: string): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.url });
    client.on('error', () => {});
    await client.connect();
    try {
      return (await client.query<Row>(text)).rows;
    } finally {
      await client.end();
    }
  }

  async start(): Promise<void> {
    const flags = [`-p${this.#port}`, '-h127.0.0.1', '-k', this.folder, '-cmax_connections=50', '-cmax_wal_size=64MB'];
    const child = spawn(join(postgresPrograms!, 'postgres'), ['-D', this.#data, ...flags], {
      ...this.#owner,
      cwd: '/',
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#child = child;
    child.stderr.on('data', (data: Buffer) => (this.output = (this.output + data.toString()).slice(-20_000)));
    await waitFor('PostgreSQL', async () => child.exitCode !== null || (await this.#answers()));
    if (child.exitCode !== null) throw new Error(`PostgreSQL exited: ${this.output}`);
  }

  /** Immediate stop, as in a crash: data not in its log is lost. */
  async crash(): Promise<void> {
    await this.#end('SIGQUIT');
  }

  /** Connections are accepted but never answered. */
  async freeze(): Promise<void> {
    await this.#signal('SIGSTOP');
  }

  async thaw(): Promise<void> {
    await this.#signal('SIGCONT');
  }

  async remove(): Promise<void> {
    await this.thaw();
    await this.#end('SIGQUIT');
    await rm(this.#remove ?? this.#data, { recursive: true, force: true });
  }

  get isRunning(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (!child || !this.isRunning) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await gone;
  }

  async #answers(): Promise<boolean> {
    const client = new pg.Client({ connectionString: this.url, connectionTimeoutMillis: 2000 });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.end();
      return true;
    } catch {
      return false;
    }
  }

  async #signal(signal: NodeJS.Signals): Promise<void> {
    for (const pid of await this.#processes())
      try {
        process.kill(pid, signal);
      } catch (error) {
        // A connection's process can end after it was listed.
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
  }

  /** The server process and its children. */
  async #processes(): Promise<number[]> {
    const parent = this.#child?.pid;
    if (parent === undefined || this.#child?.exitCode !== null) return [];
    const found = [parent];
    for (const name of await readdir('/proc')) {
      if (!/^\d+$/.test(name)) continue;
      const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
      if (Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent) found.push(Number(name));
    }
    return found;
  }
}
