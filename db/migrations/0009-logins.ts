import { type Kysely, sql } from 'kysely';

/** One row per login: its refresh tokens are derived from its salt and a generation number. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // Updated with each rotation: leave room in the page, and no index on changing columns.
  await sql`CREATE TABLE logins (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users,
    created_at timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    idle_until timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    device text NOT NULL DEFAULT '',
    device_key bytea,
    second_factor_at timestamptz,
    mfa_pending boolean NOT NULL DEFAULT false,
    salt bytea NOT NULL,
    generation integer NOT NULL DEFAULT 0,
    rotated_at timestamptz NOT NULL
  ) WITH (fillfactor = 70)`.execute(db);
  await sql`CREATE INDEX logins_user ON logins (user_id)`.execute(db);
  await sql`CREATE INDEX logins_expiry ON logins (expires_at)`.execute(db);

  // 244 random bits. Existing logins keep their last token valid.
  await sql`INSERT INTO logins (id, user_id, created_at, last_used_at, idle_until, expires_at, salt, rotated_at)
    SELECT family_id, user_id, min(issued_at), max(issued_at), max(expires_at), max(expires_at),
      uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()), max(issued_at)
    FROM refresh_tokens GROUP BY family_id, user_id
    HAVING bool_or(revoked_at IS NULL)`.execute(db);

  // Earlier tokens, known by their digests until their login is deleted. The newest is generation 0; earlier ones count
  // as used long ago.
  await sql`CREATE TABLE earlier_refresh_tokens (
    token_hash bytea PRIMARY KEY,
    login_id uuid NOT NULL REFERENCES logins ON DELETE CASCADE,
    generation smallint NOT NULL
  )`.execute(db);
  await sql`CREATE INDEX earlier_refresh_tokens_login ON earlier_refresh_tokens (login_id)`.execute(db);
  await sql`INSERT INTO earlier_refresh_tokens (token_hash, login_id, generation)
    SELECT token_hash, family_id, CASE WHEN used_at IS NULL AND revoked_at IS NULL THEN 0 ELSE -2 END
    FROM refresh_tokens WHERE family_id IN (SELECT id FROM logins)`.execute(db);
  await sql`DROP TABLE refresh_tokens`.execute(db);
}
