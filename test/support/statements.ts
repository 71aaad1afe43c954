import type { Db } from '../../db/executor.ts';
import type { KyselyPlugin } from 'kysely';

/** Tables; the audit log is written whenever it is time for it. */
const ACCOUNTS = /logins|earlier_refresh_tokens|password_resets|users/;

/** Counts a real database's statements on accounts and logins, of one server. */
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
