import type { Db } from '../../db/executor.ts';
import type { KyselyPlugin } from 'kysely';

/** Tables of accounts and logins; the audit log is written on its own schedule. */
const ACCOUNTS = /logins|earlier_refresh_tokens|password_resets|users/;

/** Counts one server's statements on accounts and logins in a real database. */
export function watchStatements(): { readonly asked: number; readonly watch: (real: Db) => Db } {
  let asked = 0;
  const counter: KyselyPlugin = {
    transformQuery: ({ node }) => {
      if (ACCOUNTS.test(JSON.stringify(node))) asked += 1;
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  return {
    get asked() {
      return asked;
    },
    watch: (real) => real.withPlugin(counter),
  };
}
