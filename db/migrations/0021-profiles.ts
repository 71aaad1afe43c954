import { type Kysely, sql } from 'kysely';

/** Named policies and accommodations of an organisation, with versions. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE TABLE profiles (
    id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisations,
    kind text NOT NULL CHECK (kind IN ('policy', 'accommodation')),
    name text NOT NULL,
    name_key text NOT NULL,
    version integer NOT NULL CHECK (version >= 1),
    archived_at timestamptz,
    created_by uuid NOT NULL REFERENCES users,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
  )`.execute(db);
  await sql`CREATE UNIQUE INDEX profiles_name ON profiles (organisation_id, kind, name_key)`.execute(db);
  await sql`CREATE INDEX profiles_newest ON profiles (kind, id)`.execute(db);

  await sql`CREATE TABLE profile_versions (
    profile_id uuid NOT NULL REFERENCES profiles ON DELETE CASCADE,
    version integer NOT NULL CHECK (version >= 1),
    content jsonb NOT NULL,
    created_by uuid NOT NULL REFERENCES users,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (profile_id, version)
  )`.execute(db);

  await sql`ALTER TABLE exams
    ADD COLUMN policy_profile_id uuid REFERENCES profiles,
    ADD COLUMN policy_profile_version integer,
    ADD CONSTRAINT exams_policy_profile CHECK ((policy_profile_id IS NULL) = (policy_profile_version IS NULL))`.execute(
    db,
  );
  await sql`CREATE INDEX exams_profile ON exams (policy_profile_id) WHERE policy_profile_id IS NOT NULL`.execute(db);
  await sql`ALTER TABLE enrolments ADD COLUMN accommodation_profile_id uuid REFERENCES profiles`.execute(db);
  await sql`CREATE INDEX enrolments_profile ON enrolments (accommodation_profile_id)
    WHERE accommodation_profile_id IS NOT NULL`.execute(db);
}
