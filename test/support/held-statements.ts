import type { CompiledQuery } from 'kysely';
import type { Db } from '../../db/executor.ts';

/** A real database whose matching statements can be held back. */
export class HeldStatements {
  #real: Db | undefined;
  #held: Promise<void> | undefined;
  #release: () => void = () => {};
  readonly #pattern: RegExp;

  /** @param pattern of the SQL text */
  constructor(pattern: RegExp) {
    this.#pattern = pattern;
  }

  /** The database of the server, without holds. */
  get db(): Db {
    if (!this.#real) throw new Error('the server has not been started');
    return this.#real;
  }

  /** For `Overrides.db`. */
  wrap = (real: Db): Db => {
    this.#real = real;
    const wait = async (query: CompiledQuery) => {
      if (this.#pattern.test(query.sql)) await this.#held;
    };
    const executor = real.getExecutor();
    const held = new Proxy(executor, {
      get: (target, name) => {
        if (name === 'executeQuery')
          return async (query: CompiledQuery) => {
            await wait(query);
            return target.executeQuery(query);
          };
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    return new Proxy(real, {
      get: (target, name) => {
        if (name === 'getExecutor') return () => held;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  };

  hold(): void {
    this.#held = new Promise((resolve) => (this.#release = resolve));
  }

  release(): void {
    this.#release();
    this.#held = undefined;
  }
}

/** Pages of the verification of the audit log. */
export const VERIFICATION_PAGES = /is_exact.*audit_entries/s;
