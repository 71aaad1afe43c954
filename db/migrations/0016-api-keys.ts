import { type Kysely, sql } from 'kysely';

/** Keys of servers, and who started a session if not its student. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // The secret has 256 random bits, so its plain SHA-256 suffices.
  await sql`CREATE TABLE api_keys (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    digest bytea NOT NULL,
    scopes text[] NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL REFERENCES users,
    expires_at timestamptz,
    revoked_at timestamptz,
    revoked_by uuid REFERENCES users,
    last_used_day timestamptz
  )`.execute(db);
  await sql`ALTER TABLE sessions
    ADD COLUMN started_by_staff uuid REFERENCES users,
    ADD COLUMN started_by_key uuid REFERENCES api_keys`.execute(db);
}
