import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { openDatabase } from './open.ts';

test('every byte value round-trips through the embedded database, in parameters and in arrays', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'invigil-bytes-'));
  const { db, close } = await openDatabase({ url: undefined, dataDir });
  try {
    const every = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const { rows } = await sql<{ whole: Uint8Array; none: Uint8Array; list: Uint8Array[]; hex: string }>`
      SELECT ${every}::bytea AS whole, ''::bytea AS none, ARRAY[${every.subarray(250)}::bytea] AS list,
        encode(${Buffer.from(every)}::bytea, 'hex') AS hex`.execute(db);
    expect(rows).toEqual([
      {
        whole: every,
        none: new Uint8Array(),
        list: [every.slice(250)],
        hex: Buffer.from(every).toString('hex'),
      },
    ]);
  } finally {
    await close();
    rmSync(dataDir, { recursive: true, force: true });
  }
});
