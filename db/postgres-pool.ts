import type { PostgresPool, PostgresPoolClient } from 'kysely';
import type pg from 'pg';

/**
 * SQLSTATE invalid_sql_statement_name and duplicate_prepared_statement: a pooler in between assigns a server connection
 * per transaction, so prepared statements do not last.
 */
const NOT_PREPARED = new Set(['26000', '42P05']);

/**
 * A pool as kysely takes it, with pg's named queries: a statement whose planning takes longer than its execution is
 * parsed and planned once per connection. After the first sign of a transaction pooler, names are no longer used.
 * A connection whose query timed out is closed: reused, it would make the next query wait behind that one, possibly
 * inside its open transaction.
 * @param names name of each statement to be prepared, by its exact text
 */
export function namedQueries(pool: pg.Pool, names: ReadonlyMap<string, string>): PostgresPool {
  const adapters = new WeakMap<pg.PoolClient, PostgresPoolClient>();
  let prepares = true;

  const adapt = (client: pg.PoolClient): PostgresPoolClient => {
    /** Of the last query. */
    let failure: Error | undefined;
    const query = async (text: string, values: readonly unknown[]) => {
      const name = prepares ? names.get(text) : undefined;
      try {
        const result = await client.query({ ...(name !== undefined && { name }), text, values: [...values] });
        failure = undefined;
        return result;
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        // On a lost connection ROLLBACK fails, too; kysely throws that instead of what ended the transaction.
        if (text === 'rollback' && failure) throw failure;
        failure = error;
        if (error.message === 'Query read timeout') void (client as pg.PoolClient & Pick<pg.Client, 'end'>).end();
        if (NOT_PREPARED.has((error as { code?: unknown }).code as string)) prepares = false;
        throw error;
      }
    };
    return {
      query: query as unknown as PostgresPoolClient['query'],
      release: (destroy) => client.release(destroy),
    };
  };

  // The pool listens to idle clients only; a connection that breaks between two queries must not end the process.
  pool.on('connect', (client) => client.on('error', () => {}));
  return {
    end: () => pool.end(),
    async connect() {
      const client = await pool.connect();
      let adapter = adapters.get(client);
      if (!adapter) adapters.set(client, (adapter = adapt(client)));
      return adapter;
    },
  };
}
