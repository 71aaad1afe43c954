import { ProtocolError } from '../../protocol/errors.ts';
import type { ExamStatus } from '../../protocol/http/exams.ts';

/** Where an exam can go from each status. Archived is final: all that is left is deletion. */
export const TRANSITIONS: Readonly<Record<ExamStatus, readonly ExamStatus[]>> = {
  draft: ['scheduled', 'active', 'archived'],
  scheduled: ['draft', 'active', 'archived'],
  active: ['completed'],
  completed: ['active', 'archived'],
  archived: [],
};

/** The same status again is no error. @throws ProtocolError `bad_transition` that names what is allowed */
export function checkTransition(from: ExamStatus, to: ExamStatus): void {
  if (from === to || TRANSITIONS[from].includes(to)) return;
  const allowed = TRANSITIONS[from].join(', ').replace(/, ([^,]*)$/, ' or $1') || 'no other status';
  throw new ProtocolError('bad_transition', `status ${from} can change to ${allowed}, not ${to}`, { ref: from });
}
