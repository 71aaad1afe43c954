import { ProtocolError } from '../../protocol/errors.ts';
import type { ExamStatus } from '../../protocol/http/exams.ts';

/** Allowed transitions. Archived is final: it can only be deleted. */
const TRANSITIONS: Readonly<Record<ExamStatus, readonly ExamStatus[]>> = {
  draft: ['scheduled', 'active', 'archived'],
  scheduled: ['draft', 'active', 'archived'],
  active: ['completed'],
  completed: ['active', 'archived'],
  archived: [],
};

/** The same status is accepted. @throws ProtocolError `bad_transition` that lists the allowed transitions */
export function checkTransition(from: ExamStatus, to: ExamStatus): void {
  if (from === to || TRANSITIONS[from].includes(to)) return;
  const allowed = TRANSITIONS[from].join(', ').replace(/, ([^,]*)$/, ' or $1') || 'no other status';
  throw new ProtocolError('bad_transition', `status ${from} can change to ${allowed}, not ${to}`, { ref: from });
}
