import type { Executor, Tx } from '../../db/executor.ts';
import { type CurrentProfile, findProfile, lockProfile, type ProfileKind } from '../../db/profiles.ts';
import type { Viewer } from '../../db/visibility.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import { manages } from './exam-access.ts';
import { noProfile } from './refused.ts';

/** A profile of an organisation that the person manages. @throws ProtocolError `not_found` */
export async function managedProfile<K extends ProfileKind>(
  ex: Executor,
  kind: K,
  id: string,
  who: Viewer,
): Promise<CurrentProfile<K>> {
  const profile = await findProfile(ex, kind, id);
  if (!profile || !manages(who, profile)) throw noProfile(profile);
  return profile;
}

/**
 * A profile for an exam or an enrolment of its organisation, locked against changes until the end of the transaction.
 * @param had id of the profile that it has: an archived one can be kept, not chosen
 * @throws ProtocolError `not_found`, `profile_archived`
 */
export async function chosenProfile<K extends ProfileKind>(
  tx: Tx,
  kind: K,
  id: string,
  { organisation, had }: { readonly organisation: string; readonly had: string | null },
): Promise<CurrentProfile<K>> {
  const profile = await lockProfile(tx, kind, id, 'share');
  if (profile?.organisation_id !== organisation) throw noProfile(profile);
  if (profile.archived_at !== null && had !== id) throw archivedProfile(id);
  return profile;
}

export const archivedProfile = (id: string): ProtocolError =>
  new ProtocolError('profile_archived', 'the profile is archived; restore it first', { ref: id });
