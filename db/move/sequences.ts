import { sql } from 'kysely';
import type { Executor } from '../executor.ts';

interface Sequence {
  readonly name: string;
  readonly last: string;
  readonly isCalled: boolean;
}

/** Numbers given out by the sequences of the current schema. */
export async function readSequences(ex: Executor): Promise<Sequence[]> {
  const { rows } = await sql<{ name: string }>`
    SELECT sequencename::text AS name FROM pg_sequences WHERE schemaname = current_schema() ORDER BY 1`.execute(ex);
  const sequences: Sequence[] = [];
  for (const { name } of rows) {
    const { rows: states } = await sql<{ last: string; called: boolean }>`
      SELECT last_value::text AS last, is_called AS called FROM ${sql.id(name)}`.execute(ex);
    sequences.push({ name, last: states[0]!.last, isCalled: states[0]!.called });
  }
  return sequences;
}

/** The next number of each is the same as there. */
export async function writeSequences(ex: Executor, sequences: readonly Sequence[]): Promise<void> {
  for (const { name, last, isCalled } of sequences)
    await sql`SELECT setval(quote_ident(${name}::text)::regclass, ${last}::bigint, ${isCalled}::boolean)`.execute(ex);
}
