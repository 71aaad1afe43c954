import type { PostgresPool, PostgresPoolClient } from 'kysely';
import pg from 'pg';
import { DatabaseUnavailableError } from '../unavailable.ts';
import { endedBy } from './connection-fault.ts';
import { clientOf, type ServerClient, type Servers } from './servers.ts';
import { ReadOnlyServerError, TAKES_NO_WRITES } from './session.ts';

/**
 * SQLSTATE invalid_sql_statement_name and duplicate_prepared_statement: a pooler in between assigns a server connection
 * per transaction, so prepared statements do not last.
 */
const NOT_PREPARED = new Set(['26000', '42P05']);

/** Maximum wait for a free connection, ms: the pages give up after 15 s. */
const WAIT_MS = 10_000;
/** A vanished server must not block the writer forever. */
const QUERY_MS = 15_000;

export interface PoolOptions {
  /** Maximum connections. */
  readonly size: number;
  /** Query timeout, ms; the connection is closed after it. */
  readonly queryTimeoutMs?: number | undefined;
  /** Added to the application's name. */
  readonly suffix?: string;
  /** Name of each statement to be prepared, by its exact text. */
  readonly names?: ReadonlyMap<string, string>;
  /** Called when an idle connection breaks. */
  readonly onError?: ((error: Error) => void) | undefined;
}

export interface ServersPool extends PostgresPool {
  /** Again without effect. */
  end(): Promise<void>;
  /** Resolves if the server answers and takes writes. @throws DatabaseUnavailableError, and leaves the server */
  check(): Promise<void>;
}

/**
 * A pool as kysely takes it, with pg's named queries: a statement whose planning takes longer than its execution is
 * parsed and planned once per connection. After the first sign of a transaction pooler, names are no longer used.
 *
 * A connection is closed once an error shows that it leads nowhere, or to a server that takes no writes; reused, it
 * would make the next query wait behind one that timed out, or fail for as long as the network keeps it open.
 */
export function postgresPool(servers: Servers, options: PoolOptions): ServersPool {
  const { size, queryTimeoutMs, suffix, names = new Map(), onError } = options;
  const pool = new pg.Pool({
    max: size,
    connectionTimeoutMillis: WAIT_MS,
    query_timeout: queryTimeoutMs ?? QUERY_MS,
    Client: clientOf(servers, suffix) as unknown as typeof pg.Client,
  });
  // Without a listener, a broken idle connection would end the process.
  pool.on('error', (error) => onError?.(error));
  const adapters = new WeakMap<pg.PoolClient, PostgresPoolClient>();
  let prepares = true;

  const adapt = (client: pg.PoolClient & ServerClient): PostgresPoolClient => {
    /** Of the last query. */
    let failure: Error | undefined;
    let isEnded = false;
    const query = async (text: string, values: readonly unknown[]) => {
      if (isEnded && failure) throw failure;
      const name = prepares ? names.get(text) : undefined;
      try {
        const result = await client.query({ ...(name !== undefined && { name }), text, values: [...values] });
        failure = undefined;
        return result;
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        // On a lost connection ROLLBACK fails, too; kysely throws that instead of what ended the transaction.
        if (text === 'rollback' && failure) throw failure;
        const ends = endedBy(error);
        failure = ends ? new DatabaseUnavailableError(error) : error;
        if (ends) {
          isEnded = true;
          // At once: within a transaction, ROLLBACK would wait for the same server.
          void client.end();
        }
        if (ends === 'server') servers.leave(client);
        if (NOT_PREPARED.has((error as { code?: unknown }).code as string)) prepares = false;
        throw failure;
      }
    };
    return {
      query: query as unknown as PostgresPoolClient['query'],
      release: () => client.release(isEnded || client.generation !== servers.generation),
    };
  };

  const connect = async () => {
    for (;;) {
      const client = (await servers.reach(() => pool.connect())) as pg.PoolClient & ServerClient;
      if (client.generation !== servers.generation) {
        client.release(true);
        continue;
      }
      let adapter = adapters.get(client);
      if (!adapter) adapters.set(client, (adapter = adapt(client)));
      return { client, adapter };
    }
  };

  return {
    end: () => (pool.ending ? Promise.resolve() : pool.end()),
    connect: async () => (await connect()).adapter,
    async check() {
      const { client, adapter } = await connect();
      try {
        const { rows } = await adapter.query<{ wrong: boolean }>(`SELECT ${TAKES_NO_WRITES} AS wrong`, []);
        if (rows[0]?.wrong !== true) return;
        servers.leave(client);
        throw new DatabaseUnavailableError(new ReadOnlyServerError());
      } finally {
        adapter.release();
      }
    },
  };
}
