import { type Kysely, sql } from 'kysely';

/**
 * One secret per day for digests of IP addresses in the audit log. Deleting the row makes that day's digests
 * unlinkable.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE TABLE address_keys (day date PRIMARY KEY, secret bytea NOT NULL)`.execute(db);
  // Security entries of one actor, newest first.
  await sql`CREATE INDEX audit_entries_security ON audit_entries (actor, id) WHERE event_type = 'SECURITY'`.execute(db);
}
