import pg from 'pg';

/** Another process serves this database. */
export class DatabaseInUseError extends Error {
  override readonly name = 'DatabaseInUseError';
  readonly code = 'database_in_use';
}

/**
 * Of the advisory lock, two numbers of 32 bits: "invi" and "gil1" in ASCII. PostgreSQL keeps them apart by database.
 */
const KEY = [0x696e7669, 0x67696c31] as const;
const POLL_MS = 250;
/** Finds out that the server is away, or that somebody ended our connection, when no packet says so. */
const CHECK_MS = 5000;
const CONNECT_MS = 5000;

export interface ExclusiveOptions {
  readonly url: string;
  /** How long to wait for another process to stop: one that is being replaced needs its drain time. */
  readonly waitMs: number;
  /** Somebody else serves the database now: nothing of this process is written any more. */
  readonly onTaken: (error: DatabaseInUseError) => void;
  /** Waiting, or without the lock for the moment, in words. */
  readonly onWait: (what: string, error?: unknown) => void;
}

/** A connection of its own that nothing else is asked on; ended by whatever ends the process, and the lock with it. */
interface Session {
  readonly client: pg.Client;
  readonly pid: number;
  /** When its backend started: process ids come back. */
  readonly since: string;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function connect(url: string): Promise<Session> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: CONNECT_MS,
    keepAlive: true,
    application_name: 'invigil-exclusive',
  });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ pid: number; since: string }>(
      'SELECT pid, backend_start::text AS since FROM pg_stat_activity WHERE pid = pg_backend_pid()',
    );
    const { pid, since } = rows[0]!;
    await refusePooler(url, client, pid);
    return { client, pid, since };
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
}

/**
 * A pooler between gives its own process ids in the protocol. One that hands a connection on after each transaction
 * gives a second client the same server process as the first, though both are connected: no lock of a session can be
 * held through it.
 */
async function refusePooler(url: string, client: pg.Client, pid: number): Promise<void> {
  if ((client as unknown as { processID: number | null }).processID === pid) return;
  const other = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: CONNECT_MS,
  });
  other.on('error', () => {});
  const pidOf = async (of: pg.Client) =>
    (await of.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]!.pid;
  try {
    await other.connect();
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

async function tryLock({ client }: Session): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1, $2) AS taken', [...KEY]);
  return rows[0]?.taken === true;
}

/** Whoever has the lock; undefined when nobody has it any more, or it cannot be seen. */
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
 * Keeps other processes from a database as long as somebody in this one wants it. Several servers of one process share
 * it: they are tests.
 * @returns lets go
 * @throws as `ExclusiveDatabase.take`
 */
export async function holdForProcess(options: ExclusiveOptions): Promise<() => Promise<void>> {
  const held = heldHere.get(options.url) ?? { lock: ExclusiveDatabase.take(options), users: 0 };
  heldHere.set(options.url, held);
  held.users += 1;
  const letGo = async () => {
    held.users -= 1;
    if (held.users > 0) return;
    heldHere.delete(options.url);
    await (await held.lock).release();
  };
  try {
    await held.lock;
    return letGo;
  } catch (error) {
    heldHere.delete(options.url);
    throw error;
  }
}

/** Holds the lock of a PostgreSQL database while its process lives: one server at a time. */
export class ExclusiveDatabase {
  readonly #options: ExclusiveOptions;
  #session: Session | undefined;
  #stopped = false;
  #timer: NodeJS.Timeout | undefined;

  private constructor(options: ExclusiveOptions) {
    this.#options = options;
  }

  /**
   * @throws DatabaseInUseError when another process still has it after the time to wait, whatever PostgreSQL throws
   * when it cannot be reached
   */
  static async take(options: ExclusiveOptions): Promise<ExclusiveDatabase> {
    const session = await connect(options.url);
    const until = performance.now() + options.waitMs;
    try {
      for (let said = false; !(await tryLock(session)); said = true) {
        if (!said) options.onWait('another server has this database open; waiting for it to stop');
        if (performance.now() >= until) throw inUse(await holder(session));
        await pause(POLL_MS);
      }
    } catch (error) {
      await session.client.end().catch(() => {});
      throw error;
    }
    const held = new ExclusiveDatabase(options);
    held.#hold(session);
    return held;
  }

  /** Lets the next one in. */
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
      session.client.query('SELECT 1').catch(onLoss);
    }, CHECK_MS);
    this.#timer.unref();
  }

  /** Until it is held again, or somebody else has it. Meanwhile owner epochs keep two from writing one session. */
  async #takeAgain(lost: Session): Promise<void> {
    while (!this.#stopped) {
      try {
        const session = await connect(this.#options.url);
        if (await tryLock(session)) return this.#stopped ? await session.client.end() : this.#hold(session);
        const who = await holder(session);
        // Our own old connection, of which PostgreSQL does not know yet that nobody is there.
        const isOurs = who?.pid === lost.pid && who.since === lost.since;
        if (isOurs) await session.client.query('SELECT pg_terminate_backend($1)', [lost.pid]);
        await session.client.end();
        if (who && !isOurs) return this.#options.onTaken(inUse(who));
      } catch (error) {
        if (error instanceof DatabaseInUseError) return this.#options.onTaken(error);
        // Away: whoever takes it meanwhile is found when it is back.
      }
      await pause(POLL_MS * 2);
    }
  }
}
