import type { CompiledQuery } from 'kysely';
import type { Db, Executor } from '../../db/executor.ts';
import { GROUP_WRITE } from '../../db/group-write.ts';

const refused = () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
const QUESTIONS = new Set(['selectFrom', 'insertInto', 'updateTable', 'deleteFrom', 'getExecutor']);

/**
 * A real database whose transactions can be made to fail or to wait. `away`: none can begin. `lost`: the transaction
 * commits, but the response is lost. `held`: its COMMIT is delayed. `gone`: nothing is answered at all, not even a
 * query.
 */
export class FaultyDb {
  readonly db: Db;
  /** Transactions begun or attempted. */
  tries = 0;
  #fault: 'none' | 'away' | 'lost' | 'gone' = 'none';
  #held: Promise<void> | undefined;
  #release: () => void = () => {};

  constructor(real: Db) {
    const faulty = async <T>(commit: () => Promise<T>): Promise<T> => {
      this.tries += 1;
      const fault = this.#fault;
      if (fault === 'away' || fault === 'gone') throw refused();
      const result = await commit();
      if (fault === 'lost') throw new Error('Connection terminated unexpectedly');
      return result;
    };
    const execute = <T>(work: (tx: Executor) => Promise<T>): Promise<T> =>
      faulty(() =>
        real.transaction().execute(async (tx) => {
          const done = await work(tx);
          await this.#held;
          return done;
        }),
      );
    // A group commit is its own transaction.
    const executeQuery = (query: CompiledQuery) => {
      const ask = () => real.executeQuery(query);
      return query.sql === GROUP_WRITE ? faulty(async () => (await this.#held, ask())) : ask();
    };
    this.db = new Proxy(real, {
      get: (target, name) => {
        if (name === 'transaction') return () => ({ execute });
        if (name === 'executeQuery') return executeQuery;
        if (this.#fault === 'gone' && QUESTIONS.has(String(name))) throw refused();
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }

  fail(how: 'away' | 'lost' | 'gone'): void {
    this.#fault = how;
  }

  mend(): void {
    this.#fault = 'none';
  }

  hold(): void {
    this.#held = new Promise((resolve) => (this.#release = resolve));
  }

  release(): void {
    this.#release();
    this.#held = undefined;
  }
}
