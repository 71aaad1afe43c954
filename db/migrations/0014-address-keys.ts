import { type Kysely, sql } from 'kysely';

/**
 * A secret a day, under which the addresses of that day stand in the audit log. Deleting the row makes them unlinkable.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE TABLE address_keys (day date PRIMARY KEY, secret bytea NOT NULL)`.execute(db);
  // Security entries of one actor, newest first.
  await sql`CREATE INDEX audit_entries_security ON audit_entries (actor, id) WHERE event_type = 'SECURITY'`.execute(db);
}
