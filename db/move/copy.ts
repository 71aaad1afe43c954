import { sql } from 'kysely';
import type { Executor, Tx } from '../executor.ts';
import { RowsDigest, type TableDigest } from './digest.ts';
import { readRows, rowWriter } from './rows.ts';
import type { Table } from './tables.ts';

type OnRows = (rows: number) => void;

/** Copies all rows. @returns digest of the rows as they were read */
export async function copyTable(from: Tx, to: Tx, table: Table, onRows: OnRows): Promise<TableDigest> {
  const write = rowWriter(to, table);
  return digestOf(from, table, async (rows) => {
    await write(rows);
    onRows(rows.length);
  });
}

/** Reads all rows. */
export async function digestTable(tx: Tx, table: Table, onRows: OnRows): Promise<TableDigest> {
  return digestOf(tx, table, async (rows) => onRows(rows.length));
}

async function digestOf(
  tx: Tx,
  table: Table,
  take: (rows: Parameters<RowsDigest['add']>[0]) => Promise<void>,
): Promise<TableDigest> {
  const digest = new RowsDigest();
  for await (const rows of readRows(tx, table)) {
    digest.add(rows);
    await take(rows);
  }
  return digest.result;
}

/** Statistics for the planner, without which queries on new rows are slow. */
export async function analyseTable(tx: Tx, { name }: Table): Promise<void> {
  await sql`ANALYZE ${sql.id(name)}`.execute(tx);
}

/** Pictures that the rows refer to; they are files. */
export async function countPictures(ex: Executor): Promise<{ readonly files: number; readonly bytes: number }> {
  const { rows } = await sql<{ files: string; bytes: string }>`
    SELECT count(*)::text AS files, coalesce(sum(bytes), 0)::text AS bytes
    FROM (SELECT bytes FROM evidence UNION ALL SELECT bytes FROM check_in_pictures) AS pictures`.execute(ex);
  return { files: Number(rows[0]!.files), bytes: Number(rows[0]!.bytes) };
}
