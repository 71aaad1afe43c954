import { isOwnSessionChain } from '../../db/audit/own-records.ts';
import { findExam } from '../../db/exams.ts';
import type { Executor } from '../../db/executor.ts';
import { findUser } from '../../db/users.ts';
import type { Viewer } from '../../db/visibility.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import { type AuditEntity, SYSTEM_ID } from '../../protocol/http/audit.ts';
import { examRooms } from './exam-access.ts';
import { ownSession } from './refused.ts';
import { staffSession } from './session-access.ts';
import { checkManaged } from './user-access.ts';

/**
 * Rights to the audit chain of an entity: a visible session, an exam that is seen as a whole (its entries name students
 * of all rooms), an account that the manager manages, the genesis entry. Admins read every chain but those of their own sessions,
 * also of what is deleted.
 * @throws ProtocolError `not_found`, or `forbidden` for the own session and for accounts of admins and managers
 */
export async function checkChain(ex: Executor, type: AuditEntity, id: string, who: Viewer): Promise<void> {
  const none = (theirs?: { readonly id: string }) =>
    new ProtocolError('not_found', 'not found', theirs && { refusal: { kind: 'not_own', target: theirs.id } });
  const isAdmin = who.role === 'admin';
  switch (type) {
    case 'session':
      try {
        await staffSession(ex, id, who, 'read');
      } catch (error) {
        if (!isAdmin || !(error instanceof ProtocolError && error.code === 'not_found')) throw error;
        // Its entries outlive a deleted session.
        if (await isOwnSessionChain(ex, id, who.userId)) throw ownSession(id);
      }
      return;
    case 'exam': {
      if (isAdmin) return;
      const exam = await findExam(ex, id);
      if (!exam || (await examRooms(ex, exam, who)) !== 'all') throw none(exam);
      return;
    }
    case 'user': {
      if (isAdmin) return;
      const user = await findUser(ex, id);
      if (!user) throw none();
      checkManaged(who, user);
      return;
    }
    case 'system':
      // The genesis entry is no secret; security events are.
      if (!isAdmin && id !== SYSTEM_ID) throw none({ id });
  }
}
