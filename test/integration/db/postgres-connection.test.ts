import { CompiledQuery, sql } from 'kysely';
import { expect, test } from 'vitest';
import { createDatabase, KINDS } from '../../support/databases.ts';
import { openDatabase } from '../../../db/open.ts';
import { prepared } from '../../../db/postgres-connection.ts';

const { available } = KINDS.find(({ kind }) => kind === 'postgres')!;
const skipped = available ? '' : ' (skipped: TEST_DATABASE_URL is not set)';

test.runIf(available)(
  `a marked statement is planned once a connection; where plans are not kept it fails once, and is planned each time from then on${skipped}`,
  async () => {
    const at = await createDatabase('postgres');
    const { db, close } = await openDatabase({ url: at.url, dataDir: at.dataDir, poolSize: 1 });
    try {
      const ask = (n: number) =>
        db.executeQuery<{ n: number }>(CompiledQuery.raw(`${prepared('number')} SELECT $1::integer AS n`, [n]));
      const kept = async () =>
        (await sql<{ name: string }>`SELECT name FROM pg_prepared_statements`.execute(db)).rows.map(({ name }) => name);
      expect((await ask(1)).rows).toEqual([{ n: 1 }]);
      expect((await ask(2)).rows).toEqual([{ n: 2 }]);
      expect(await kept()).toEqual(['number']);
      // As a pooler does that gives the next transaction another connection.
      await sql`DEALLOCATE ALL`.execute(db);
      await expect(ask(3)).rejects.toMatchObject({ code: '26000' });
      expect((await ask(3)).rows).toEqual([{ n: 3 }]);
      expect(await kept()).toEqual([]);
    } finally {
      await close();
      await at.remove();
    }
  },
);
