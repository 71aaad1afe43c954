import type { EndReason } from '../../../../../protocol/down.ts';
import type { Session } from '../../../../../protocol/http/sessions.ts';

/** List of sessions of past and present. */
export const sessions = {
  title: 'Sessions',
  student: 'Student',
  none: 'No sessions match the filter.',
  more: 'Show more',
  reviewed: 'Verdict',
  reviewedChoices: { no: 'No verdict yet', yes: 'With a verdict', any: 'All' },
  incident: 'Incident',
  end: 'End',
  ends: {
    finished: 'Finished by the student',
    terminated: 'Ended by a proctor',
    expired: 'Time expired',
    ended: 'Ended',
  } satisfies Record<EndReason, string>,
  statuses: { active: 'Running', paused: 'Paused', ended: 'Ended' } satisfies Record<Session['status'], string>,
  from: 'Started from',
  to: 'Started until',
  order: 'Order',
  orders: { attention: 'Needs a look first', score: 'Highest score first', newest: 'Newest first' },
};
