import { type Kysely, sql } from 'kysely';

/** Reviews of one act: a decision about several events, or the undo of one. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE reviews ADD COLUMN act_id uuid, ADD COLUMN undoes uuid`.execute(db);
}
