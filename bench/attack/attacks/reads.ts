import type { AttackPlan } from '../plan.ts';
import type { Traffic } from '../traffic.ts';

const READS_AT_ONCE = 4;

/** An admin who verifies the log over and over. */
export const verifying = ({ admin }: AttackPlan, traffic: Traffic): Promise<void> =>
  traffic.loops(1, () => ({ method: 'GET', path: '/api/blockchain/verify', token: admin }));

/** Every endpoint with long lists. */
export function longLists({ admin, longSession }: AttackPlan, traffic: Traffic): Promise<void> {
  const paths = [
    `/admin/sessions/${longSession}/events`,
    `/api/proctoring/attempt/${longSession}/events?limit=200`,
    `/api/proctoring/attempt/${longSession}`,
    `/api/proctoring/attempt/${longSession}/ai-analysis?limit=200`,
    `/api/blockchain/attempt/${longSession}?limit=200`,
    `/api/audit/attempt/${longSession}`,
    `/api/audit/attempt/${longSession}/file`,
    '/api/blockchain/events/EVENTS_STORED?limit=200',
    '/api/blockchain/summary',
    '/api/proctoring/suspicious?level=Low&limit=200',
    '/api/sessions?limit=200',
    '/api/sessions?limit=200&room=nowhere',
    '/api/users?limit=200&q=nobody',
    '/api/exams?limit=200',
    '/api/exams/available?limit=200',
    '/admin/sessions',
    '/exams/',
  ];
  return traffic.loops(READS_AT_ONCE, (n) => ({ method: 'GET', path: paths[n % paths.length]!, token: admin }));
}
