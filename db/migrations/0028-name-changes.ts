import { type Kysely, sql } from 'kysely';

/** Former names of accounts, deleted when the account is anonymised: the audit log keeps a salted digest only. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE TABLE name_changes (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    old_name text NOT NULL,
    new_name text NOT NULL,
    salt bytea NOT NULL,
    changed_by uuid NOT NULL REFERENCES users (id),
    changed_at timestamptz NOT NULL
  )`.execute(db);
  await sql`CREATE INDEX name_changes_user ON name_changes (user_id, id)`.execute(db);
}
