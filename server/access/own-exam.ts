import { findOwnSession } from '../../db/sessions.ts';
import type { Executor } from '../../db/executor.ts';
import { ownSession } from './refused.ts';

/**
 * Nobody decides about their own session, nor through its exam: its terms, its archiving and its end are for others.
 * @throws ProtocolError `forbidden` for staff who have a session in the exam
 */
export async function refuseOwnExam(ex: Executor, examId: string, who: { readonly userId: string }): Promise<void> {
  const own = await findOwnSession(ex, examId, who.userId);
  if (own) throw ownSession(own.id);
}
