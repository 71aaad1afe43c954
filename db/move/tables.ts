import { sql } from 'kysely';
import type { Executor } from '../executor.ts';

export interface Column {
  readonly name: string;
  /** As the server writes it: `timestamp with time zone`, `text[]`. */
  readonly type: string;
  /** Computed by the server from other columns. */
  readonly generated: boolean;
}

export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
}

/** Tables in which the migrations keep their own state. */
const MIGRATION_TABLES = ['kysely_migration', 'kysely_migration_lock'];

/** Tables into which migrations insert rows: a database without others has not been used. */
export const SEEDED_TABLES: readonly string[] = ['organisations'];

interface ColumnRow extends Column {
  readonly table: string;
}

/**
 * Tables of the current schema, but those of migrations and of extensions: a table comes after those it refers to.
 * @throws Error if tables refer to each other in a circle
 */
export async function listTables(ex: Executor): Promise<Table[]> {
  const { rows } = await sql<ColumnRow>`
    SELECT c.relname AS table, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, a.attgenerated <> '' AS generated
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
      AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
    ORDER BY c.relname COLLATE "C", a.attnum`.execute(ex);
  const columns = new Map<string, Column[]>();
  for (const { table, name, type, generated } of rows) {
    if (MIGRATION_TABLES.includes(table)) continue;
    columns.set(table, [...(columns.get(table) ?? []), { name, type, generated }]);
  }
  return inOrder(columns, await referencesOf(ex));
}

/** Names of the tables to which each table refers by foreign keys. */
async function referencesOf(ex: Executor): Promise<ReadonlyMap<string, readonly string[]>> {
  const { rows } = await sql<{ table: string; refers: string[] }>`
    SELECT c.relname::text AS table, array_agg(DISTINCT r.relname::text) AS refers
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class r ON r.oid = k.confrelid
    WHERE k.contype = 'f' AND k.conrelid <> k.confrelid AND c.relnamespace = current_schema()::regnamespace
    GROUP BY c.relname`.execute(ex);
  return new Map(rows.map(({ table, refers }) => [table, refers]));
}

function inOrder(
  columns: ReadonlyMap<string, readonly Column[]>,
  references: ReadonlyMap<string, readonly string[]>,
): Table[] {
  const placed = new Map<string, Table>();
  while (placed.size < columns.size) {
    const before = placed.size;
    for (const [name, of] of columns) {
      if (placed.has(name) || (references.get(name) ?? []).some((other) => columns.has(other) && !placed.has(other)))
        continue;
      placed.set(name, { name, columns: of });
    }
    if (placed.size === before) throw new Error('tables refer to each other in a circle');
  }
  return [...placed.values()];
}

/** Names of applied migrations; undefined: the schema was never migrated. */
export async function listMigrations(ex: Executor): Promise<string[] | undefined> {
  const { rows: found } = await sql<{ exists: boolean }>`
    SELECT to_regclass(quote_ident(current_schema()) || '.kysely_migration') IS NOT NULL AS exists`.execute(ex);
  if (found[0]?.exists !== true) return undefined;
  const { rows } = await sql<{ name: string }>`SELECT name FROM kysely_migration ORDER BY name`.execute(ex);
  return rows.map(({ name }) => name);
}

export async function hasRows(ex: Executor, { name }: Table): Promise<boolean> {
  const { rows } = await sql<{ has: boolean }>`SELECT EXISTS (SELECT 1 FROM ${sql.id(name)}) AS has`.execute(ex);
  return rows[0]?.has === true;
}

/** Deletes the rows of migrations, which the source has as well. */
export async function clearSeeded(ex: Executor): Promise<void> {
  for (const name of SEEDED_TABLES) await sql`DELETE FROM ${sql.id(name)}`.execute(ex);
}

export async function countRows(ex: Executor, { name }: Table): Promise<number> {
  const { rows } = await sql<{ count: string }>`SELECT count(*)::text AS count FROM ${sql.id(name)}`.execute(ex);
  return Number(rows[0]!.count);
}
