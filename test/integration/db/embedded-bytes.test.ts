import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { openDatabase } from '../../../db/open.ts';
import { createDatabase } from '../../support/databases.ts';

test('every byte value round-trips through the embedded database, in parameters and in arrays', async () => {
  const at = await createDatabase('pglite', 'empty');
  const { db, close } = await openDatabase(at);
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
    await at.remove();
  }
});
