import type { Executor } from '../../../db/executor.ts';
import { findUser } from '../../../db/users.ts';

/** Whether an id is that of an enabled account of a student. */
export async function isStudent(ex: Executor, userId: string): Promise<boolean> {
  const user = await findUser(ex, userId);
  return user?.role === 'student' && user.disabled_at === null;
}
