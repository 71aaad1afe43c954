import { auditProofRoutes } from './audit-proof-routes.ts';
import { auditRoutes, type AuditRouteParts } from './audit-routes.ts';
import { securityRoutes, type SecurityRouteParts } from './security-routes.ts';
import { proctoringRoutes } from './proctoring-routes.ts';
import { reviewRoutes, type ReviewRouteParts } from './review-routes.ts';
import { analysisRoutes, type AnalysisRouteParts } from './analysis-routes.ts';
import { evidenceRoutes, type EvidenceRouteParts } from './evidence-routes.ts';
import { systemCheckRoutes, type SystemCheckRouteParts } from './system-check-routes.ts';
import { eventRoutes, type EventRouteParts } from './event-routes.ts';
import { firstSystemExamRoutes, type FirstSystemExamRouteParts } from './compat/proctorbe/exam-routes.ts';
import { firstSystemEventRoutes, type FirstSystemEventRouteParts } from './compat/proctorbe/event-routes.ts';
import { firstSystemFrameRoutes } from './compat/proctorbe/frame-routes.ts';
import { firstSystemSessionRoutes, type FirstSystemSessionRouteParts } from './compat/proctorbe/session-routes.ts';
import { frameRoutes, type FrameRouteParts } from './frame-routes.ts';
import { authRoutes, type AuthRouteParts } from './auth-routes.ts';
import { passwordRoutes, type PasswordRouteParts } from './password-routes.ts';
import { secondFactorRoutes, type SecondFactorRouteParts } from './second-factor-routes.ts';
import { enrolmentRoutes } from './enrolment-routes.ts';
import { examRoutes, type ExamRouteParts } from './exam-routes.ts';
import { firstSystemAuthRoutes, type FirstSystemAuthRouteParts } from './compat/proctorbe/auth-routes.ts';
import { loginRoutes } from './login-routes.ts';
import { rootRoutes } from './compat/proctorbe/root-routes.ts';
import type { Route } from './route.ts';
import { sessionRoutes, type SessionRouteParts } from './session-routes.ts';
import { sittingRoutes } from './sitting-routes.ts';
import { userRoutes, type UserRouteParts } from './user-routes.ts';

export type TableParts = PasswordRouteParts &
  SecondFactorRouteParts &
  FirstSystemExamRouteParts &
  ReviewRouteParts &
  AuthRouteParts &
  UserRouteParts &
  ExamRouteParts &
  SessionRouteParts &
  FirstSystemAuthRouteParts &
  AnalysisRouteParts &
  EventRouteParts &
  FrameRouteParts &
  FirstSystemEventRouteParts &
  FirstSystemSessionRouteParts &
  EvidenceRouteParts &
  SystemCheckRouteParts &
  AuditRouteParts &
  SecurityRouteParts;

/** Every route that needs the database: a request for one is answered only once that is open. */
export const routeTable = (parts: TableParts): Route[] => [
  ...authRoutes(parts),
  ...loginRoutes(parts),
  ...passwordRoutes(parts),
  ...secondFactorRoutes(parts),
  ...userRoutes(parts),
  ...examRoutes(parts),
  ...sittingRoutes(parts),
  ...enrolmentRoutes(parts),
  ...sessionRoutes(parts),
  ...eventRoutes(parts),
  ...frameRoutes(parts),
  ...analysisRoutes(parts),
  ...proctoringRoutes(parts),
  ...reviewRoutes(parts),
  ...evidenceRoutes(parts),
  ...auditRoutes(parts),
  ...auditProofRoutes(parts),
  ...securityRoutes(parts),
  ...systemCheckRoutes(parts),
  ...rootRoutes(),
  ...firstSystemAuthRoutes(parts),
  ...firstSystemExamRoutes(parts),
  ...firstSystemSessionRoutes(parts),
  ...firstSystemEventRoutes(parts),
  ...firstSystemFrameRoutes(parts),
];
