import type pg from 'pg';
import { Servers } from './postgres/servers.ts';
import { TAKES_NO_WRITES } from './postgres/session.ts';

/** Another process is serving this database. */
export class DatabaseInUseError extends Error {
  override readonly name = 'DatabaseInUseError';
  readonly code = 'database_in_use';
}

/** Key of the advisory lock: "invi" and "gil1" in ASCII as two 32-bit numbers. Locks are per database. */
const KEY = [0x696e7669, 0x67696c31] as const;
const POLL_MS = 250;
/** Interval for detecting that the server is down or has terminated the connection, without any packet saying so. */
const CHECK_MS = 5000;
const ASK_MS = 5000;
const SUFFIX = '-exclusive';

export interface ExclusiveOptions {
  readonly url: string;
  /** How long to wait for another process to stop: a replaced one needs its drain time. */
  readonly waitMs: number;
  /** Called when another process serves the database; this one must stop writing. */
  readonly onTaken: (error: DatabaseInUseError) => void;
  /** Called with a message while waiting for the lock or temporarily without it. */
  readonly onWait: (what: string, error?: unknown) => void;
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined;
}

/** A dedicated connection; it ends with the process, and the lock with it. */
interface Session {
  readonly client: pg.Client;
  readonly pid: number;
  /** Start time of its backend, since process ids are reused. */
  readonly since: string;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function connect(servers: Servers): Promise<Session> {
  const client = await servers.connect({ query_timeout: ASK_MS }, SUFFIX);
  try {
    const { rows } = await client.query<{ pid: number; since: string }>(
      'SELECT pid, backend_start::text AS since FROM pg_stat_activity WHERE pid = pg_backend_pid()',
    );
    const { pid, since } = rows[0]!;
    await refusePooler(servers, client, pid);
    return { client, pid, since };
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
}

/**
 * A pooler reports its own process ids in the protocol. A transaction pooler gives a second client the same server
 * process as the first while both are connected; no session lock can be held through it.
 */
async function refusePooler(servers: Servers, client: pg.Client, pid: number): Promise<void> {
  if ((client as unknown as { processID: number | null }).processID === pid) return;
  const other = await servers.connect({ query_timeout: ASK_MS }, SUFFIX);
  const pidOf = async (of: pg.Client) =>
    (await of.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]!.pid;
  try {
    await other.query('BEGIN');
    const [theirs, ours] = [await pidOf(other), await pidOf(client)];
    if (theirs === pid || ours !== pid) {
      throw new DatabaseInUseError(
        'DATABASE_URL goes through a transaction pooler, so another server on this database cannot be detected. Connect to PostgreSQL directly or through a session pooler, or set DATABASE_LOCK=off and make sure that only one server runs',
      );
    }
  } finally {
    await other.end().catch(() => {});
  }
}

/** The lock of a former primary keeps nobody from the new one. */
async function isWrong({ client }: Session): Promise<boolean> {
  const { rows } = await client.query<{ wrong: boolean }>(`SELECT ${TAKES_NO_WRITES} AS wrong`);
  return rows[0]?.wrong === true;
}

async function tryLock({ client }: Session): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1, $2) AS taken', [...KEY]);
  return rows[0]?.taken === true;
}

/** Holder of the lock; undefined if there is none or it is not visible. */
async function holder({
  client,
}: Session): Promise<{ pid: number; since: string | null; address: string | null } | undefined> {
  const { rows } = await client.query<{ pid: number; since: string | null; address: string | null }>(
    `SELECT l.pid, a.backend_start::text AS since, a.client_addr::text AS address FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
     WHERE l.locktype = 'advisory' AND l.granted AND l.classid::bigint = $1 AND l.objid::bigint = $2 AND l.objsubid = 2
       AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    [...KEY],
  );
  return rows[0];
}

const inUse = (who: { pid: number; address: string | null } | undefined) =>
  new DatabaseInUseError(
    `another server has this database open${who ? ` (PostgreSQL process ${who.pid}, from ${who.address ?? 'this machine'})` : ''}: only one server may use a database. Stop the other one or use another database`,
  );

const heldHere = new Map<string, { readonly lock: Promise<ExclusiveDatabase>; users: number }>();

/**
 * Holds the lock while this process uses the database. Several servers in one process share it: that happens in tests.
 * @returns release function; `isFirst`: no other server has it, in this process or another one
 * @throws as `ExclusiveDatabase.take`
 */
export async function holdForProcess(
  options: ExclusiveOptions,
): Promise<{ readonly release: () => Promise<void>; readonly isFirst: boolean }> {
  const held = heldHere.get(options.url) ?? { lock: ExclusiveDatabase.take(options), users: 0 };
  heldHere.set(options.url, held);
  held.users += 1;
  const isFirst = held.users === 1;
  const letGo = async () => {
    held.users -= 1;
    if (held.users > 0) return;
    heldHere.delete(options.url);
    await (await held.lock).release();
  };
  try {
    await held.lock;
    return { release: letGo, isFirst };
  } catch (error) {
    heldHere.delete(options.url);
    throw error;
  }
}

/** Holds the lock of a PostgreSQL database for the lifetime of the process: one server at a time. */
export class ExclusiveDatabase {
  readonly #options: ExclusiveOptions;
  readonly #servers: Servers;
  #session: Session | undefined;
  #stopped = false;
  #timer: NodeJS.Timeout | undefined;

  private constructor(options: ExclusiveOptions, servers: Servers) {
    this.#options = options;
    this.#servers = servers;
  }

  /**
   * @throws DatabaseInUseError if another process still holds it after the waiting time, the error of PostgreSQL if it
   * cannot be reached, or the reason of the signal
   */
  static async take(options: ExclusiveOptions): Promise<ExclusiveDatabase> {
    const servers = new Servers(options.url);
    const session = await connect(servers);
    const until = performance.now() + options.waitMs;
    try {
      for (let said = false; !(await tryLock(session)); said = true) {
        if (!said) options.onWait('another server has this database open; waiting for it to stop');
        if (performance.now() >= until) throw inUse(await holder(session));
        await pause(POLL_MS);
        options.signal?.throwIfAborted();
      }
    } catch (error) {
      await session.client.end().catch(() => {});
      throw error;
    }
    const held = new ExclusiveDatabase(options, servers);
    held.#hold(session);
    return held;
  }

  /** Releases the lock. */
  async release(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#session?.client.end().catch(() => {});
  }

  #hold(session: Session): void {
    this.#session = session;
    let lost = false;
    const onLoss = (cause?: unknown) => {
      if (lost || this.#stopped) return;
      lost = true;
      clearInterval(this.#timer);
      void session.client.end().catch(() => {});
      this.#options.onWait(
        'the connection that keeps other servers from this database is lost; taking it again',
        cause,
      );
      void this.#takeAgain(session);
    };
    session.client.once('error', onLoss);
    session.client.once('end', () => onLoss());
    this.#timer = setInterval(() => {
      isWrong(session).then((wrong) => wrong && onLoss(), onLoss);
    }, CHECK_MS);
    this.#timer.unref();
  }

  /**
   * Retries until the lock is held again or somebody else has it. Meanwhile owner epochs keep two servers from writing
   * one session.
   */
  async #takeAgain(lost: Session): Promise<void> {
    while (!this.#stopped) {
      try {
        const session = await connect(this.#servers);
        if (await tryLock(session)) return this.#stopped ? await session.client.end() : this.#hold(session);
        const who = await holder(session);
        // Our own old connection, not yet known to be dead by PostgreSQL.
        const isOurs = who?.pid === lost.pid && who.since === lost.since;
        if (isOurs) await session.client.query('SELECT pg_terminate_backend($1)', [lost.pid]);
        await session.client.end();
        if (who && !isOurs) return this.#options.onTaken(inUse(who));
      } catch (error) {
        if (error instanceof DatabaseInUseError) return this.#options.onTaken(error);
        // Down: another holder is detected after reconnecting.
      }
      await pause(POLL_MS * 2);
    }
  }
}
