import type { EndReason } from '../../../../../protocol/down.ts';
import type { Result } from '../../../../../protocol/http/results.ts';

/** Results of an exam. */
export const results = {
  title: 'Results',
  about:
    'One row a session, also of earlier attempts. The files have all columns: incidents by type, who gave the verdict and why, and accommodations, and also a row for each enrolled student who did not sit. Each download is recorded in the audit log.',
  none: 'No sessions yet.',
  times: 'Start and end',
  status: 'Status',
  statuses: { active: 'Running', paused: 'Paused', ended: 'Ended' } satisfies Record<Result['status'], string>,
  ends: {
    finished: 'Finished by the student',
    terminated: 'Ended by a proctor',
    expired: 'Time expired',
    ended: 'Ended',
  } satisfies Record<EndReason, string>,
  level: 'Level and score',
  attention: 'Highest attention',
  unseen: 'Nothing seen',
  before: (score: string) => `${score} before review`,
  incidents: 'Incidents',
  counted: (name: string, count: string) => `${name}: ${count}`,
  moreTypes: (count: string) => `${count} more types`,
  verdict: 'Verdict',
  by: (name: string, time: string) => `${name}, ${time}`,
  accommodations: 'Accommodations',
  extra: (minutes: string) => `${minutes} extra minutes`,
  seat: (seat: string) => `seat ${seat}`,
  terminated: (name: string, time: string, reason: string) => `ended by ${name}, ${time}${reason && `: ${reason}`}`,
  readmitted: (name: string, time: string, reason: string) => `readmitted by ${name}, ${time}: ${reason}`,
};
