import type { Db } from '../../../../db/executor.ts';
import { findUser } from '../../../../db/users.ts';
import { AuditVerificationState } from '../../../../protocol/http/audit.ts';
import type { VerificationJob } from '../../../audit/verify/verification-job.ts';
import { adminRoute, type Route } from '../../pipeline/route.ts';

export interface AuditVerificationParts {
  readonly db: Db;
  readonly verification: Pick<VerificationJob, 'start' | 'cancel' | 'state'>;
}

export const auditVerificationRoutes = ({ db, verification }: AuditVerificationParts): Route[] => [
  adminRoute({
    line: 'own',
    method: 'GET',
    path: '/api/audit/verification',
    tag: 'Audit',
    summary: 'Returns the state of the verification of the audit log',
    description: 'Progress of a running one, or the result of the last one since the start of the server.',
    answer: AuditVerificationState,
    handle: () => Promise.resolve(verification.state),
  }),
  adminRoute({
    method: 'POST',
    path: '/api/audit/verification',
    tag: 'Audit',
    summary: 'Starts a verification of the audit log',
    description: 'In the background; one that is running is joined. It recomputes the whole log from the stored bytes.',
    answer: AuditVerificationState,
    status: 202,
    handle: async ({ who }) => {
      const user = await findUser(db, who.userId);
      return verification.start({ id: who.userId, name: user?.name || user?.email || '' });
    },
  }),
  adminRoute({
    line: 'own',
    method: 'DELETE',
    path: '/api/audit/verification',
    tag: 'Audit',
    summary: 'Cancels the running verification of the audit log',
    description: 'Any admin can cancel it. Requests that wait for their own verification are not affected.',
    answer: AuditVerificationState,
    handle: () => Promise.resolve(verification.cancel()),
  }),
];
