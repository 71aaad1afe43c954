import { type Kysely, sql } from 'kysely';
import { searchText } from '../../protocol/search-text.ts';

interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

const BATCH = 1000;

/** Numbers of people, search by any part, anonymised accounts, invitations with their mail, and seats. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE users
    ADD COLUMN student_number text,
    ADD COLUMN external_id text,
    ADD COLUMN anonymised_at timestamptz,
    ADD COLUMN search text NOT NULL DEFAULT ''`.execute(db);
  await sql`CREATE UNIQUE INDEX users_student_number ON users (organisation_id, lower(student_number))
    WHERE student_number IS NOT NULL`.execute(db);
  await sql`CREATE UNIQUE INDEX users_external_id ON users (organisation_id, external_id)
    WHERE external_id IS NOT NULL`.execute(db);
  await sql`CREATE INDEX users_role ON users (role, id)`.execute(db);
  await sql`CREATE INDEX users_disabled ON users (id) WHERE disabled_at IS NOT NULL`.execute(db);

  await fillSearch(db);
  // All runs of one to three characters of each word. No extension: pg_trgm is not on every server.
  await sql`CREATE FUNCTION search_grams(text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT substr(word, place, size)), '{}')
    FROM regexp_split_to_table($1, ' ') AS word, generate_series(1, length(word)) AS place, generate_series(1, 3) AS size
    WHERE place + size <= length(word) + 1 $$`.execute(db);
  await sql`CREATE INDEX users_search ON users USING gin (search_grams(search))`.execute(db);

  await sql`ALTER TABLE password_resets
    ADD COLUMN kind text NOT NULL DEFAULT 'reset' CHECK (kind IN ('reset', 'invitation')),
    ADD COLUMN created_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN mail text NOT NULL DEFAULT 'off' CHECK (mail IN ('off', 'queued', 'sent', 'failed')),
    ADD COLUMN mail_error text`.execute(db);

  await sql`ALTER TABLE enrolments ADD COLUMN seat text`.execute(db);
}

async function fillSearch(db: Kysely<unknown>): Promise<void> {
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const { rows } =
      await sql<Person>`SELECT id, name, email FROM users WHERE id > ${after} ORDER BY id LIMIT ${BATCH}`.execute(db);
    const texts = JSON.stringify(rows.map(({ id, name, email }) => ({ id, search: searchText(`${name} ${email}`) })));
    await sql`UPDATE users SET search = given.search
      FROM jsonb_to_recordset(${texts}::jsonb) AS given (id uuid, search text) WHERE given.id = users.id`.execute(db);
    if (rows.length < BATCH) return;
    after = rows.at(-1)!.id;
  }
}
