import { isDeepStrictEqual } from 'node:util';
import { uuidv7 } from 'uuidv7';
import { appendAudit } from '../../db/audit/append.ts';
import type { Db, Executor } from '../../db/executor.ts';
import {
  type CurrentProfile,
  deleteProfile,
  findProfile,
  findProfileByName,
  insertProfile,
  insertProfileVersion,
  isProfileUsed,
  lockProfile,
  type ProfileContent,
  type ProfileKind,
  profileNameKey,
  type ProfileRow,
  updateProfile,
} from '../../db/profiles.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import { archivedProfile } from '../access/profile-access.ts';
import { noProfile } from '../access/refused.ts';
import type { Clock } from '../clock.ts';

export interface ProfileParts {
  readonly db: Db;
  readonly clock: Clock;
}

interface Author {
  readonly userId: string;
}

async function nameTaken(ex: Executor, row: Pick<ProfileRow, 'organisation_id' | 'kind' | 'name_key'>) {
  const other = await findProfileByName(ex, row);
  return new ProtocolError('profile_name_taken', 'another profile has this name', other && { ref: other.id });
}

/** @throws ProtocolError `profile_name_taken` */
export function createProfile<K extends ProfileKind>(
  { db, clock }: ProfileParts,
  by: Author,
  kind: K,
  { name, organisationId, content }: { name: string; organisationId: string; content: ProfileContent[K] },
): Promise<CurrentProfile<K>> {
  const at = new Date(clock());
  const row = {
    id: uuidv7(),
    organisation_id: organisationId,
    kind,
    name,
    name_key: profileNameKey(name),
    version: 1,
    archived_at: null,
    created_by: by.userId,
    created_at: at,
    updated_at: at,
  };
  return db.transaction().execute(async (tx) => {
    if (!(await insertProfile(tx, row))) throw await nameTaken(tx, row);
    await insertProfileVersion<K>(tx, {
      profile_id: row.id,
      version: 1,
      content,
      created_by: by.userId,
      created_at: at,
    });
    await appendAudit(tx, {
      type: 'PROFILE_CREATED',
      entityId: row.id,
      actor: by.userId,
      at,
      payload: { kind, organisationId, version: 1 },
    });
    return written(tx, kind, row.id);
  });
}

/**
 * Renames, archives or restores a profile, or gives it changed content, as its next version. Exams keep their copies;
 * sessions keep theirs.
 * @throws ProtocolError `not_found`, `profile_name_taken`, `profile_archived` for changed content of an archived one,
 *   `profile_changed` if `baseVersion` is no longer the current version
 */
export function changeProfile<K extends ProfileKind>(
  { db, clock }: ProfileParts,
  by: Author,
  kind: K,
  id: string,
  change: {
    readonly name?: string | undefined;
    readonly archived?: boolean | undefined;
    /** Version that was edited. */
    readonly baseVersion?: number | undefined;
    readonly content?: ProfileContent[K] | undefined;
  },
): Promise<CurrentProfile<K>> {
  return db.transaction().execute(async (tx) => {
    const before = await lockProfile(tx, kind, id, 'update');
    if (!before) throw noProfile();
    const at = new Date(clock());
    const { name = before.name, archived = before.archived_at !== null, content = before.content } = change;
    const isChanged = !isDeepStrictEqual(content, before.content);
    const { baseVersion = before.version } = change;
    // Sent again after a lost response, the change is there already.
    if (baseVersion !== before.version && (isChanged || name !== before.name)) throw changedProfile(before.version);
    if (isChanged && archived) throw archivedProfile(id);
    const name_key = profileNameKey(name);
    if (name_key !== before.name_key && (await findProfileByName(tx, { ...before, name_key })))
      throw await nameTaken(tx, { ...before, name_key });
    const version = before.version + (isChanged ? 1 : 0);
    if (isChanged)
      await insertProfileVersion<K>(tx, { profile_id: id, version, content, created_by: by.userId, created_at: at });
    const archived_at = archived ? (before.archived_at ?? at) : null;
    await updateProfile(tx, id, { name, name_key, version, archived_at, updated_at: at });
    await appendAudit(tx, {
      type: 'PROFILE_CHANGED',
      entityId: id,
      actor: by.userId,
      at,
      payload: { kind, version, renamed: name !== before.name, archived },
    });
    return written(tx, kind, id);
  });
}

const changedProfile = (version: number) =>
  new ProtocolError('profile_changed', `the profile was changed meanwhile: it is at version ${version}`, {
    ref: version,
  });

/** @throws ProtocolError `not_found`, or `profile_in_use` by an exam or an enrolment */
export function removeProfile<K extends ProfileKind>(
  { db, clock }: ProfileParts,
  by: Author,
  kind: K,
  id: string,
): Promise<void> {
  return db.transaction().execute(async (tx) => {
    if (!(await lockProfile(tx, kind, id, 'update'))) throw noProfile();
    if (await isProfileUsed(tx, id))
      throw new ProtocolError('profile_in_use', 'an exam or an enrolment has the profile; archive it instead', {
        ref: id,
      });
    await deleteProfile(tx, id);
    await appendAudit(tx, {
      type: 'PROFILE_DELETED',
      entityId: id,
      actor: by.userId,
      at: new Date(clock()),
      payload: { kind },
    });
  });
}

async function written<K extends ProfileKind>(ex: Executor, kind: K, id: string): Promise<CurrentProfile<K>> {
  const row = await findProfile(ex, kind, id);
  if (!row) throw new Error('profile missing after it was written');
  return row;
}
