import type { PGlite, Transaction } from '@electric-sql/pglite';
import * as kysely from 'kysely';

/** The part of PGlite that kysely uses. */
export interface Engine extends Pick<PGlite, 'query' | 'close' | 'closed'> {
  transaction(work: (tx: Pick<Transaction, 'query' | 'rollback'>) => Promise<void>): Promise<void>;
}

/** Kysely's dialect for PGlite; kysely itself has one only in 0.29, which needs Node 22. */
export const pgliteDialect = (engine: Engine): kysely.Dialect => ({
  createAdapter: () => new Adapter(),
  createDriver: () => new Driver(engine),
  createIntrospector: (db) => new kysely.PostgresIntrospector(db),
  createQueryCompiler: () => new kysely.PostgresQueryCompiler(),
});

/** The engine belongs to one process, so migrations need no lock between processes. */
class Adapter extends kysely.PostgresAdapter {
  override async acquireMigrationLock() {}
  override async releaseMigrationLock() {}
}

/** One connection, held by one caller at a time in the order of requests. */
class Driver implements kysely.Driver {
  readonly #engine: Engine;
  #free = Promise.resolve();
  #release = () => {};
  #tx: Pick<Transaction, 'query'> | undefined;
  /** Ends the open transaction: with an error, by ROLLBACK. */
  #end: (error?: Error) => Promise<void> = async () => {};

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  readonly #connection: kysely.DatabaseConnection = {
    executeQuery: async <R>({ sql, parameters }: kysely.CompiledQuery) => {
      const { rows, affectedRows } = await (this.#tx ?? this.#engine).query<R>(sql, [...parameters]);
      return { rows, ...(affectedRows !== undefined && { numAffectedRows: BigInt(affectedRows) }) };
    },
    streamQuery: () => {
      throw new Error('PGlite streams no queries');
    },
  };

  async init() {}

  async acquireConnection() {
    const before = this.#free;
    this.#free = new Promise((resolve) => void before.then(() => (this.#release = resolve)));
    await before;
    return this.#connection;
  }

  async releaseConnection() {
    this.#release();
  }

  /** PGlite's own transaction, which keeps out other users of the engine until it ends. */
  async beginTransaction() {
    let end: (error?: Error) => void = () => {};
    const ended = new Promise<void>((commit, rollback) => (end = (error) => (error ? rollback(error) : commit())));
    await new Promise<void>((begun, failed) => {
      const closed = this.#engine.transaction((tx) => {
        this.#tx = tx;
        begun();
        return ended;
      });
      closed.catch(failed);
      this.#end = (error) => {
        this.#tx = undefined;
        end(error);
        return closed;
      };
    });
  }

  async commitTransaction() {
    await this.#end().catch((error: unknown) => {
      // COMMIT after a failed statement.
      throw (error as { code?: unknown }).code === '25P02' ? new kysely.AbortedTransactionError() : error;
    });
  }

  async rollbackTransaction() {
    await this.#end(new Error('rolled back')).catch(() => {});
  }

  async destroy() {
    if (!this.#engine.closed) await this.#engine.close();
  }
}
