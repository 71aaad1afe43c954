import { type Selectable, sql } from 'kysely';
import type { AccommodationTerms } from '../protocol/accommodations.ts';
import type { Policy } from '../protocol/policy.ts';
import type { Executor, Tx } from './executor.ts';
import type { ProfilesTable, ProfileVersionsTable } from './schema/profiles.ts';

export type ProfileKind = ProfilesTable['kind'];
/** Content of a version, by the kind of its profile. */
export interface ProfileContent {
  readonly policy: Policy;
  readonly accommodation: AccommodationTerms;
}
export type ProfileRow = Selectable<ProfilesTable>;
/** A profile with the content of its current version. */
export type CurrentProfile<K extends ProfileKind> = ProfileRow & { content: ProfileContent[K] };
export type ProfileVersionRow<K extends ProfileKind> = Omit<Selectable<ProfileVersionsTable>, 'content'> & {
  content: ProfileContent[K];
};

/** Equal for names that differ in case, or in the form of their characters. */
export const profileNameKey = (name: string): string => name.normalize('NFKC').toLowerCase();

/** With the name of its author. */
export type NamedProfileVersion<K extends ProfileKind> = ProfileVersionRow<K> & { readonly author: string | null };

/** @returns false if the name is taken */
export async function insertProfile(ex: Executor, row: ProfileRow): Promise<boolean> {
  const inserted = await ex
    .insertInto('profiles')
    .values(row)
    .onConflict((conflict) => conflict.columns(['organisation_id', 'kind', 'name_key']).doNothing())
    .returning('id')
    .executeTakeFirst();
  return inserted !== undefined;
}

/** @throws if the profile already has this version */
export async function insertProfileVersion<K extends ProfileKind>(
  ex: Executor,
  row: ProfileVersionRow<K>,
): Promise<void> {
  await ex
    .insertInto('profile_versions')
    .values({ ...row, content: JSON.stringify(row.content) })
    .execute();
}

export async function updateProfile(
  ex: Executor,
  id: string,
  change: Pick<ProfileRow, 'name' | 'name_key' | 'version' | 'archived_at' | 'updated_at'>,
): Promise<void> {
  await ex.updateTable('profiles').set(change).where('id', '=', id).execute();
}

export async function findProfileByName(
  ex: Executor,
  { organisation_id, kind, name_key }: Pick<ProfileRow, 'organisation_id' | 'kind' | 'name_key'>,
): Promise<{ id: string } | undefined> {
  return ex
    .selectFrom('profiles')
    .select('id')
    .where('organisation_id', '=', organisation_id)
    .where('kind', '=', kind)
    .where('name_key', '=', name_key)
    .executeTakeFirst();
}

const current = (ex: Executor, kind: ProfileKind) =>
  ex
    .selectFrom('profiles')
    .innerJoin('profile_versions', (join) =>
      join
        .onRef('profile_versions.profile_id', '=', 'profiles.id')
        .onRef('profile_versions.version', '=', 'profiles.version'),
    )
    .selectAll('profiles')
    .select('profile_versions.content')
    .where('profiles.kind', '=', kind);

export async function findProfile<K extends ProfileKind>(
  ex: Executor,
  kind: K,
  id: string,
): Promise<CurrentProfile<K> | undefined> {
  return (await current(ex, kind).where('profiles.id', '=', id).executeTakeFirst()) as CurrentProfile<K> | undefined;
}

/** Locks the profile until the end of the transaction. `share`: against changes; `update`: exclusively. */
export async function lockProfile<K extends ProfileKind>(
  tx: Tx,
  kind: K,
  id: string,
  how: 'share' | 'update',
): Promise<CurrentProfile<K> | undefined> {
  const query = tx.selectFrom('profiles').select('id').where('id', '=', id).where('kind', '=', kind);
  const row = await (how === 'share' ? query.forShare() : query.forUpdate()).executeTakeFirst();
  // Read after the lock: a version that was written meanwhile is the current one.
  return row && findProfile(tx, kind, id);
}

/** Newest first; the last id is the cursor. */
export async function listProfiles<K extends ProfileKind>(
  ex: Executor,
  kind: K,
  filter: {
    readonly organisation: string | undefined;
    readonly archived: boolean | undefined;
    readonly cursor?: string | undefined;
    readonly limit: number;
  },
): Promise<CurrentProfile<K>[]> {
  const { organisation, archived, cursor, limit } = filter;
  let query = current(ex, kind).orderBy('profiles.id', 'desc').limit(limit);
  if (organisation !== undefined) query = query.where('profiles.organisation_id', '=', organisation);
  if (archived !== undefined) query = query.where('profiles.archived_at', archived ? 'is not' : 'is', null);
  if (cursor !== undefined) query = query.where('profiles.id', '<', cursor);
  return (await query.execute()) as CurrentProfile<K>[];
}

/** Names and current versions, by id. */
export async function listProfileNames(ex: Executor, ids: readonly string[]): Promise<Map<string, ProfileRow>> {
  if (ids.length === 0) return new Map();
  const rows = await ex.selectFrom('profiles').selectAll().where('id', 'in', ids).execute();
  return new Map(rows.map((row) => [row.id, row]));
}

export async function findProfileVersion<K extends ProfileKind>(
  ex: Executor,
  profile: Pick<CurrentProfile<K>, 'id'>,
  version: number,
): Promise<ProfileContent[K] | undefined> {
  const row = await ex
    .selectFrom('profile_versions')
    .select('content')
    .where('profile_id', '=', profile.id)
    .where('version', '=', version)
    .executeTakeFirst();
  return row?.content as ProfileContent[K] | undefined;
}

/** Newest first. `before`: only versions below this one. */
export async function listProfileVersions<K extends ProfileKind>(
  ex: Executor,
  profile: Pick<CurrentProfile<K>, 'id'>,
  filter: { readonly before: number | undefined; readonly limit: number },
): Promise<NamedProfileVersion<K>[]> {
  let query = ex
    .selectFrom('profile_versions')
    .leftJoin('users', 'users.id', 'profile_versions.created_by')
    .selectAll('profile_versions')
    .select('users.name as author')
    .where('profile_id', '=', profile.id)
    .orderBy('version', 'desc')
    .limit(filter.limit);
  if (filter.before !== undefined) query = query.where('version', '<', filter.before);
  return (await query.execute()) as NamedProfileVersion<K>[];
}

/** Whether an exam or an enrolment has the profile. */
export async function isProfileUsed(ex: Executor, id: string): Promise<boolean> {
  const { rows } = await sql<{ used: boolean }>`
    SELECT EXISTS (SELECT FROM exams WHERE policy_profile_id = ${id}::uuid)
      OR EXISTS (SELECT FROM enrolments WHERE accommodation_profile_id = ${id}::uuid) AS used`.execute(ex);
  return rows[0]?.used === true;
}

/** Deletes the profile with its versions. */
export async function deleteProfile(ex: Executor, id: string): Promise<void> {
  await ex.deleteFrom('profiles').where('id', '=', id).execute();
}
