import { CompiledQuery, sql } from 'kysely';
import type { Tx } from '../executor.ts';
import type { Column, Table } from './tables.ts';

/** Values of a row by column, as text: PostgreSQL reads from it exactly what it wrote. */
export type TextRow = readonly (string | null)[];

/** Size that batches aim at, characters. */
const BATCH_CHARACTERS = 512 * 1024;
const FIRST_ROWS = 50;
const MOST_ROWS = 2000;
const CURSOR = 'moved_rows';

/** Names may contain quotes only by mistake; quoted all the same. */
const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** Settings that change how values are written, and limits that a long transaction would exceed. */
export async function prepareToMove(tx: Tx): Promise<void> {
  await sql`SELECT set_config(name, CASE name WHEN 'TimeZone' THEN 'UTC' WHEN 'DateStyle' THEN 'ISO, MDY' WHEN 'IntervalStyle' THEN 'postgres'
      WHEN 'bytea_output' THEN 'hex' WHEN 'extra_float_digits' THEN '1' ELSE '0' END, true)
    FROM pg_settings WHERE name IN ('TimeZone', 'DateStyle', 'IntervalStyle', 'bytea_output', 'extra_float_digits', 'statement_timeout',
      'lock_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout')`.execute(tx);
}

/**
 * Rows of a table in batches of bounded size, in no order, by a cursor: they are never all in memory, neither here nor in
 * the database.
 */
export async function* readRows(tx: Tx, { name, columns }: Table): AsyncGenerator<readonly TextRow[], void, undefined> {
  const list = columns.map((column, i) => `${quoted(column.name)}::text AS c${i}`).join(', ');
  await tx.executeQuery(
    CompiledQuery.raw(`DECLARE ${CURSOR} NO SCROLL CURSOR FOR SELECT ${list} FROM ${quoted(name)}`),
  );
  let limit = FIRST_ROWS;
  for (;;) {
    const { rows } = await tx.executeQuery<Record<string, string | null>>(
      CompiledQuery.raw(`FETCH FORWARD ${limit} FROM ${CURSOR}`),
    );
    if (rows.length === 0) break;
    let characters = 0;
    const batch = rows.map((row) =>
      columns.map((_, i) => {
        const value = row[`c${i}`] ?? null;
        characters += value?.length ?? 0;
        return value;
      }),
    );
    yield batch;
    const fitting = Math.floor((BATCH_CHARACTERS * rows.length) / Math.max(1, characters));
    limit = Math.max(1, Math.min(MOST_ROWS, 2 * limit, fitting));
  }
  await tx.executeQuery(CompiledQuery.raw(`CLOSE ${CURSOR}`));
}

/** Writes a batch by one statement. Generated columns are left to the server. */
export function rowWriter(tx: Tx, { name, columns }: Table): (rows: readonly TextRow[]) => Promise<void> {
  const written = columns.map((column, i): [Column, number] => [column, i]).filter(([column]) => !column.generated);
  const names = written.map(([column]) => quoted(column.name)).join(', ');
  const values = written.map(([{ type }], i) => `c${i}::${type}`).join(', ');
  const from = written.map((_, i) => `$${i + 1}::text[]`).join(', ');
  const aliases = written.map((_, i) => `c${i}`).join(', ');
  const text = `INSERT INTO ${quoted(name)} (${names}) OVERRIDING SYSTEM VALUE SELECT ${values} FROM unnest(${from}) AS v(${aliases})`;
  return async (rows) => {
    await tx.executeQuery(
      CompiledQuery.raw(
        text,
        written.map(([, at]) => rows.map((row) => row[at])),
      ),
    );
  };
}
