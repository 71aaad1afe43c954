import type pg from 'pg';

/** How a statement says that it is worth keeping its plan; see `prepared`. */
const NAMED = /^\s*\/\* prepare (\w+) \*\//;
/**
 * SQLSTATE invalid_sql_statement_name and duplicate_prepared_statement: something between hands out connections that
 * were others' before.
 */
const NOT_KEPT = new Set(['26000', '42P05']);

/**
 * Marks a statement whose planning takes longer than its work: it is parsed and planned once a connection. Its text
 * must be the same each time, and the name its own.
 */
export const prepared = (name: string): string => `/* prepare ${name} */`;

/**
 * What every connection of a pool does with queries. Ends one on which a query was not answered in time: kept, it would
 * make whoever gets it next wait behind that query, and leave a transaction open in which the next one's rows would be
 * written, and lost. Keeps plans (`prepared`), until it turns out that they are not kept: behind a pooler that gives a
 * transaction any connection.
 */
export function connectionSetup(): (client: pg.PoolClient) => void {
  let keepsPlans = true;
  return (client) => {
    // The pool listens to idle ones only: one that breaks between two queries of a transaction would end the process.
    client.on('error', () => {});
    const { stream } = (client as unknown as { connection: { stream: { destroy(): void } } }).connection;
    const ask = client.query.bind(client) as (...of: unknown[]) => unknown;
    const query = (...of: unknown[]) => {
      const name = keepsPlans && typeof of[0] === 'string' ? NAMED.exec(of[0])?.[1] : undefined;
      const answer = name === undefined ? ask(...of) : ask({ name, text: of[0], values: of[1] });
      if (answer instanceof Promise) {
        answer.catch((error: unknown) => {
          if (!(error instanceof Error)) return;
          if (error.message === 'Query read timeout') stream.destroy();
          if (NOT_KEPT.has((error as { code?: unknown }).code as string)) keepsPlans = false;
        });
      }
      return answer;
    };
    Object.assign(client, { query });
  };
}
