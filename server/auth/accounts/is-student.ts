import type { Executor } from '../../../db/executor.ts';
import { findUser } from '../../../db/users.ts';

/** Whether an id is that of an enabled account of a student, of an organisation or of any. */
export async function isStudent(ex: Executor, userId: string, organisationId?: string): Promise<boolean> {
  const user = await findUser(ex, userId);
  const isOfIt = organisationId === undefined || user?.organisation_id === organisationId;
  return user?.role === 'student' && user.disabled_at === null && isOfIt;
}
