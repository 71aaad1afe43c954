import { type Kysely, sql } from 'kysely';
import { plainLine } from '../../protocol/plain-text.ts';

interface Text {
  readonly id: string;
  readonly text: string;
}

const BATCH = 1000;

/**
 * Removes invisible characters from names, titles and rooms stored before they were normalised, so that none imitates
 * another. An empty result is replaced by the id. The audit log contains none of them.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const [table, column] of [
    ['users', 'name'],
    ['exams', 'title'],
  ] as const)
    await normalise(db, table, column);
  for (const table of ['sessions', 'enrolments']) await normaliseRooms(db, table);
}

async function normalise(db: Kysely<unknown>, table: string, column: string): Promise<void> {
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const { rows } =
      await sql<Text>`SELECT id, ${sql.ref(column)} AS text FROM ${sql.table(table)} WHERE id > ${after} ORDER BY id LIMIT ${BATCH}`.execute(
        db,
      );
    for (const { id, text } of rows) {
      const plain = plainLine(text) || id;
      if (plain !== text)
        await sql`UPDATE ${sql.table(table)} SET ${sql.ref(column)} = ${plain} WHERE id = ${id}`.execute(db);
    }
    if (rows.length < BATCH) return;
    after = rows.at(-1)!.id;
  }
}

async function normaliseRooms(db: Kysely<unknown>, table: string): Promise<void> {
  const { rows } = await sql<{
    room: string;
  }>`SELECT DISTINCT room FROM ${sql.table(table)} WHERE room IS NOT NULL`.execute(db);
  for (const { room } of rows) {
    const plain = plainLine(room) || null;
    if (plain !== room) await sql`UPDATE ${sql.table(table)} SET room = ${plain} WHERE room = ${room}`.execute(db);
  }
}
