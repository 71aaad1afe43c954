import { holdForProcess } from '../../db/exclusive.ts';
import type { Db } from '../../db/executor.ts';
import { MIGRATIONS } from '../../db/migrate.ts';
import { hasRows, listMigrations, listTables, SEEDED_TABLES, type Table } from '../../db/move/tables.ts';
import { openDatabase } from '../../db/open.ts';
import { targetOf } from '../../db/postgres/target.ts';
import { waitForPostgres } from '../../db/postgres/wait.ts';
import { NotMoved } from './error.ts';

/** Query timeout, ms: counting and copying take longer than queries of a server. */
const QUERY_TIMEOUT_MS = 600_000;
/** For a target that is just starting, ms. */
const REACH_MS = 5000;

/** Without the password. */
export function describeTarget(url: string): string {
  const { user, servers, database } = targetOf(url);
  const hosts = servers.map(({ host, port }) => (host.startsWith('/') ? host : `${host}:${port}`)).join(',');
  return `${user}@${hosts}/${database}`;
}

export interface OpenTarget {
  readonly db: Db;
  /** @throws NotMoved if a server has taken the database meanwhile */
  stillOurs(): void;
}

/**
 * Opens PostgreSQL.
 * @param lock whether servers are kept away from it
 * @throws DatabaseRefusedError, DatabaseUnavailableError, DatabaseInUseError
 */
export async function withTarget<T>(
  url: string,
  dataDir: string,
  lock: boolean,
  work: (target: OpenTarget) => Promise<T>,
): Promise<T> {
  await waitForPostgres({ url, waitMs: REACH_MS, onWait: () => {} });
  let taken: Error | undefined;
  const held = lock
    ? await holdForProcess({ url, waitMs: 0, onWait: () => {}, onTaken: (error) => (taken = error) })
    : undefined;
  try {
    const opened = await openDatabase({ url, dataDir, poolSize: 1, queryTimeoutMs: QUERY_TIMEOUT_MS });
    try {
      return await work({
        db: opened.db,
        stillOurs: () => {
          if (taken) throw new NotMoved(`${taken.message}. Nothing was moved`);
        },
      });
    } finally {
      await opened.close();
    }
  } finally {
    await held?.release();
  }
}

/** Refuses a target that is not empty, or that this release cannot migrate. @throws NotMoved */
export async function refuseUsed(db: Db): Promise<void> {
  const applied = await listMigrations(db);
  const tables = await listTables(db);
  if (!applied) {
    if (tables.length > 0)
      throw new NotMoved(
        `the target has tables of another program (${namesOf(tables)}): create an empty database for Invigil`,
      );
    return;
  }
  const unknown = applied.filter((name) => !Object.hasOwn(MIGRATIONS, name));
  if (unknown.length > 0)
    throw new NotMoved(
      `the target has another schema version (${unknown.join(', ')}), which this release does not know: use the release that made it, or an empty database`,
    );
  const used: Table[] = [];
  for (const table of tables) if (!SEEDED_TABLES.includes(table.name) && (await hasRows(db, table))) used.push(table);
  if (used.length > 0)
    throw new NotMoved(
      `the target is not empty: it has rows in ${namesOf(used)}. Nothing was changed. Name an empty database; --check compares with one that was moved already`,
    );
}

/** @throws NotMoved unless the target has the same tables and columns */
export async function refuseOtherTables(db: Db, tables: readonly Table[]): Promise<void> {
  const there = new Map((await listTables(db)).map((table) => [table.name, shapeOf(table)]));
  const other = tables.filter((table) => there.get(table.name) !== shapeOf(table));
  if (other.length > 0)
    throw new NotMoved(`the target has another schema version: ${namesOf(other)} missing or different there`);
}

const shapeOf = ({ columns }: Table): string =>
  columns
    .map(({ name, type, generated }) => `${name} ${type} ${generated}`)
    .toSorted()
    .join();

const namesOf = (tables: readonly Table[]): string => {
  const names = tables.slice(0, 5).map(({ name }) => name);
  return tables.length > names.length
    ? `${names.join(', ')} and ${tables.length - names.length} more`
    : names.join(', ');
};
