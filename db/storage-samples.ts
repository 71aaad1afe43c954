import { sql } from 'kysely';
import type { Executor } from './executor.ts';

export interface StorageSample {
  readonly part: string;
  readonly at: Date;
  readonly bytes: number;
}

export async function insertStorageSamples(ex: Executor, samples: readonly StorageSample[]): Promise<void> {
  if (samples.length === 0) return;
  await ex
    .insertInto('storage_samples')
    .values([...samples])
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** The oldest sample of each part since a time. */
export async function oldestStorageSamples(ex: Executor, since: Date): Promise<StorageSample[]> {
  const { rows } = await sql<{ part: string; at: Date; bytes: string | number }>`
    SELECT DISTINCT ON (part) part, at, bytes FROM storage_samples WHERE at >= ${since}::timestamptz ORDER BY part, at`.execute(
    ex,
  );
  return rows.map((row) => ({ ...row, bytes: Number(row.bytes) }));
}

export async function deleteStorageSamples(ex: Executor, before: Date): Promise<void> {
  await ex.deleteFrom('storage_samples').where('at', '<', before).execute();
}

/** Pictures summed per statement. */
const SUMMED_AT_ONCE = 5000;

/**
 * Bytes of all stored pictures, in short statements. @param pause runs between two of them
 */
export async function evidenceBytes(ex: Executor, pause: () => Promise<void>): Promise<number> {
  for (let sum = 0, after: string | undefined; ;) {
    const from = after === undefined ? sql`` : sql`WHERE id > ${after}::uuid`;
    const { rows } = await sql<{ bytes: string | null; last: string | null; count: string | number }>`
      WITH batch AS (SELECT id, bytes FROM evidence ${from} ORDER BY id LIMIT ${SUMMED_AT_ONCE})
      SELECT sum(bytes)::text AS bytes, count(*) AS count, (SELECT id FROM batch ORDER BY id DESC LIMIT 1) AS last FROM batch`.execute(
      ex,
    );
    sum += Number(rows[0]?.bytes ?? 0);
    after = rows[0]?.last ?? undefined;
    if (after === undefined || Number(rows[0]!.count) < SUMMED_AT_ONCE) return sum;
    await pause();
  }
}
