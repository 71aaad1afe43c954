import type { Executor } from '../../db/executor.ts';
import { findOrganisation } from '../../db/organisations.ts';
import { findUser, type UserRow } from '../../db/users.ts';
import type { Viewer } from '../../db/visibility.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import { MANAGED, type Role } from '../../protocol/http/accounts.ts';
import { manages } from './exam-access.ts';
import { noUser, roleForbids } from './refused.ts';

/** Managers give the roles below theirs; admins any. */
export const mayGive = ({ role }: Viewer, given: Role): boolean =>
  role === 'admin' || (role === 'manager' && (MANAGED as readonly Role[]).includes(given));

/** @throws ProtocolError as `managedUser` */
export function checkManaged(who: Viewer, user: UserRow): void {
  if (!manages(who, user)) throw noUser(user);
  if (!mayGive(who, user.role)) throw roleForbids(user.id);
}

/** An account that the person manages. @throws ProtocolError `not_found`; `forbidden` for a role that they cannot give */
export async function managedUser(ex: Executor, id: string, who: Viewer): Promise<UserRow> {
  const user = await findUser(ex, id);
  if (!user) throw noUser();
  checkManaged(who, user);
  return user;
}

/**
 * Organisation of something new: the own one unless an admin names another.
 * @throws ProtocolError `forbidden` or `not_found`
 */
export async function organisationFor(ex: Executor, who: Viewer, asked: string | undefined): Promise<string> {
  if (asked === undefined || asked === who.organisationId) return who.organisationId;
  if (who.role !== 'admin') throw roleForbids(asked);
  if (!(await findOrganisation(ex, asked)))
    throw new ProtocolError('not_found', 'organisation not found', { ref: asked });
  return asked;
}
