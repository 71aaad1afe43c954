import { attendanceRoutes } from './routes/exams/attendance-routes.ts';
import { auditProofRoutes } from './routes/audit/audit-proof-routes.ts';
import { auditSearchRoutes } from './routes/audit/audit-search-routes.ts';
import { auditVerificationRoutes, type AuditVerificationParts } from './routes/audit/audit-verification-routes.ts';
import { auditRoutes, type AuditRouteParts } from './routes/audit/audit-routes.ts';
import { securityRoutes, type SecurityRouteParts } from './routes/audit/security-routes.ts';
import { proctoringRoutes } from './routes/sessions/proctoring-routes.ts';
import { reportRoutes, type ReportRouteParts } from './routes/sessions/report-routes.ts';
import { myVerdictRoutes, type MyVerdictRouteParts } from './routes/sessions/my-verdict-routes.ts';
import { verdictRoutes, type VerdictRouteParts } from './routes/sessions/verdict-routes.ts';
import { reviewWorkRoutes } from './routes/sessions/review-work-routes.ts';
import { reviewRoutes, type ReviewRouteParts } from './routes/sessions/review-routes.ts';
import { analysisRoutes, type AnalysisRouteParts } from './routes/sessions/analysis-routes.ts';
import { evidenceRoutes, type EvidenceRouteParts } from './routes/sessions/evidence-routes.ts';
import { systemRoutes, type SystemRouteParts } from './routes/service/system-routes.ts';
import { systemCheckRoutes, type SystemCheckRouteParts } from './routes/service/system-check-routes.ts';
import { eventRoutes, type EventRouteParts } from './routes/sessions/event-routes.ts';
import { proctorbeExamRoutes, type ProctorbeExamRouteParts } from './compat/proctorbe/exam-routes.ts';
import { proctorbeEventRoutes, type ProctorbeEventRouteParts } from './compat/proctorbe/event-routes.ts';
import { proctorbeFrameRoutes } from './compat/proctorbe/frame-routes.ts';
import { proctorbeSessionRoutes, type ProctorbeSessionRouteParts } from './compat/proctorbe/session-routes.ts';
import { frameRoutes, type FrameRouteParts } from './routes/sessions/frame-routes.ts';
import { authRoutes, type AuthRouteParts } from './routes/accounts/auth-routes.ts';
import { passwordRoutes, type PasswordRouteParts } from './routes/accounts/password-routes.ts';
import { secondFactorRoutes, type SecondFactorRouteParts } from './routes/accounts/second-factor-routes.ts';
import { enrolmentRoutes } from './routes/exams/enrolment-routes.ts';
import { examRoutes, type ExamRouteParts } from './routes/exams/exam-routes.ts';
import { proctorbeAuthRoutes, type ProctorbeAuthRouteParts } from './compat/proctorbe/auth-routes.ts';
import { apiKeyRoutes, type ApiKeyRouteParts } from './routes/accounts/api-key-routes.ts';
import { loginRoutes } from './routes/accounts/login-routes.ts';
import { rootRoutes } from './compat/proctorbe/root-routes.ts';
import type { Route } from './pipeline/route.ts';
import { type CommandRouteParts, commandRoutes } from './routes/sessions/command-routes.ts';
import { readmissionRoutes } from './routes/sessions/readmission-routes.ts';
import { type ConversationRouteParts, conversationRoutes } from './routes/sessions/conversation-routes.ts';
import { requestRoutes } from './routes/sessions/request-routes.ts';
import type { CheckInParts } from '../check-in/parts.ts';
import { checkInRoutes } from './routes/check-in/check-in-routes.ts';
import { myCheckInRoutes } from './routes/check-in/my-check-in-routes.ts';
import { sessionRoutes, type SessionRouteParts } from './routes/sessions/session-routes.ts';
import { teamRoutes, type TeamRouteParts } from './routes/sessions/team-routes.ts';
import { flagRoutes, type FlagRouteParts } from './routes/sessions/flag-routes.ts';
import { staffRoutes } from './routes/exams/staff-routes.ts';
import { resultRoutes, type ResultRouteParts } from './routes/exams/result-routes.ts';
import { profileRoutes } from './routes/exams/profile-routes.ts';
import { organisationRoutes } from './routes/accounts/organisation-routes.ts';
import { sittingRoutes } from './routes/exams/sitting-routes.ts';
import { importRoutes, type ImportRouteParts } from './routes/accounts/import-routes.ts';
import { linkRoutes, type LinkRouteParts } from './routes/accounts/link-routes.ts';
import { userRoutes, type UserRouteParts } from './routes/accounts/user-routes.ts';

export type TableParts = PasswordRouteParts &
  LinkRouteParts &
  ImportRouteParts &
  ApiKeyRouteParts &
  SecondFactorRouteParts &
  ProctorbeExamRouteParts &
  ReviewRouteParts &
  VerdictRouteParts &
  MyVerdictRouteParts &
  AuthRouteParts &
  UserRouteParts &
  ExamRouteParts &
  CheckInParts &
  SessionRouteParts &
  CommandRouteParts &
  TeamRouteParts &
  ConversationRouteParts &
  FlagRouteParts &
  ProctorbeAuthRouteParts &
  AnalysisRouteParts &
  EventRouteParts &
  FrameRouteParts &
  ProctorbeEventRouteParts &
  ProctorbeSessionRouteParts &
  EvidenceRouteParts &
  SystemCheckRouteParts &
  SystemRouteParts &
  AuditRouteParts &
  AuditVerificationParts &
  SecurityRouteParts &
  ResultRouteParts &
  ReportRouteParts;

/** All routes that need the database, registered once it is open. */
export const routeTable = (parts: TableParts): Route[] => [
  ...authRoutes(parts),
  ...loginRoutes(parts),
  ...passwordRoutes(parts),
  ...secondFactorRoutes(parts),
  ...userRoutes(parts),
  ...linkRoutes(parts),
  ...importRoutes(parts),
  ...organisationRoutes(parts),
  ...apiKeyRoutes(parts),
  ...examRoutes(parts),
  ...profileRoutes(parts),
  ...sittingRoutes(parts),
  ...enrolmentRoutes(parts),
  ...staffRoutes(parts),
  ...attendanceRoutes(parts),
  ...resultRoutes(parts),
  ...myCheckInRoutes(parts),
  ...checkInRoutes(parts),
  ...sessionRoutes(parts),
  ...commandRoutes(parts),
  ...readmissionRoutes(parts),
  ...requestRoutes(parts),
  ...teamRoutes(parts),
  ...conversationRoutes(parts),
  ...flagRoutes(parts),
  ...eventRoutes(parts),
  ...frameRoutes(parts),
  ...analysisRoutes(parts),
  ...proctoringRoutes(parts),
  ...reviewRoutes(parts),
  ...reviewWorkRoutes(parts),
  ...verdictRoutes(parts),
  ...myVerdictRoutes(parts),
  ...evidenceRoutes(parts),
  ...reportRoutes(parts),
  ...auditRoutes(parts),
  ...auditVerificationRoutes(parts),
  ...auditSearchRoutes(parts),
  ...auditProofRoutes(parts),
  ...securityRoutes(parts),
  ...systemRoutes(parts),
  ...systemCheckRoutes(parts),
  ...rootRoutes(),
  ...proctorbeAuthRoutes(parts),
  ...proctorbeExamRoutes(parts),
  ...proctorbeSessionRoutes(parts),
  ...proctorbeEventRoutes(parts),
  ...proctorbeFrameRoutes(parts),
];
