import { sql } from 'kysely';
import type { Executor } from './executor.ts';

/** Tables and indexes of the database, without the write-ahead log, bytes. */
export async function databaseSize(ex: Executor): Promise<number> {
  const { rows } = await sql<{ bytes: string }>`SELECT pg_database_size(current_database())::text AS bytes`.execute(ex);
  return Number(rows[0]!.bytes);
}
