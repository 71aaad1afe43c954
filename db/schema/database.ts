import type { AddressKeysTable } from './address-keys.ts';
import type { AnalysisMinutesTable } from './analysis-minutes.ts';
import type { ApiKeysTable } from './api-keys.ts';
import type { AppealOutcomesTable, AppealsTable } from './appeals.ts';
import type { AssignmentsTable } from './assignments.ts';
import type {
  AuditCheckpointsTable,
  AuditEntriesTable,
  AuditHeadsTable,
  AuditLeavesTable,
  AuditQueueTable,
  AuditTilesTable,
} from './audit.ts';
import type { CheckInDecisionsTable, CheckInPicturesTable, CheckInsTable } from './check-ins.ts';
import type { EnrolmentsTable } from './enrolments.ts';
import type { EventsTable } from './events.ts';
import type { EvidenceTable, SessionKeysTable } from './evidence.ts';
import type { ExamPoliciesTable } from './exam-policies.ts';
import type { ExamsTable } from './exams.ts';
import type { FlagCategoriesTable } from './flag-categories.ts';
import type { EarlierRefreshTokensTable, LoginsTable } from './logins.ts';
import type { NameChangesTable } from './name-changes.ts';
import type { NodesTable } from './nodes.ts';
import type { OrganisationsTable } from './organisations.ts';
import type { ProfilesTable, ProfileVersionsTable } from './profiles.ts';
import type { ReadmissionsTable } from './readmissions.ts';
import type { RescoresTable } from './rescores.ts';
import type { ReviewAssignmentsTable } from './review-assignments.ts';
import type { ReviewsTable } from './reviews.ts';
import type { PasswordResetsTable, RecoveryCodesTable, SecondFactorsTable } from './second-factors.ts';
import type { SessionNotesTable, SessionTeamTable } from './session-team.ts';
import type { SessionsTable } from './sessions.ts';
import type { StorageSamplesTable } from './storage-samples.ts';
import type { UsedTicketsTable } from './used-tickets.ts';
import type { UsersTable } from './users.ts';
import type { VerdictReleasesTable, VerdictAnswersTable } from './verdict-releases.ts';
import type { VerdictStatesTable } from './verdict-states.ts';
import type { VerdictsTable } from './verdicts.ts';

export interface Schema {
  organisations: OrganisationsTable;
  users: UsersTable;
  name_changes: NameChangesTable;
  logins: LoginsTable;
  api_keys: ApiKeysTable;
  earlier_refresh_tokens: EarlierRefreshTokensTable;
  second_factors: SecondFactorsTable;
  recovery_codes: RecoveryCodesTable;
  password_resets: PasswordResetsTable;
  exams: ExamsTable;
  exam_policies: ExamPoliciesTable;
  flag_categories: FlagCategoriesTable;
  profiles: ProfilesTable;
  profile_versions: ProfileVersionsTable;
  enrolments: EnrolmentsTable;
  assignments: AssignmentsTable;
  nodes: NodesTable;
  sessions: SessionsTable;
  session_team: SessionTeamTable;
  session_notes: SessionNotesTable;
  readmissions: ReadmissionsTable;
  events: EventsTable;
  used_tickets: UsedTicketsTable;
  analysis_minutes: AnalysisMinutesTable;
  reviews: ReviewsTable;
  review_assignments: ReviewAssignmentsTable;
  verdicts: VerdictsTable;
  verdict_releases: VerdictReleasesTable;
  verdict_answers: VerdictAnswersTable;
  appeals: AppealsTable;
  appeal_outcomes: AppealOutcomesTable;
  verdict_states: VerdictStatesTable;
  rescores: RescoresTable;
  check_ins: CheckInsTable;
  check_in_pictures: CheckInPicturesTable;
  check_in_decisions: CheckInDecisionsTable;
  session_keys: SessionKeysTable;
  evidence: EvidenceTable;
  audit_heads: AuditHeadsTable;
  audit_entries: AuditEntriesTable;
  audit_queue: AuditQueueTable;
  audit_leaves: AuditLeavesTable;
  audit_tiles: AuditTilesTable;
  audit_checkpoints: AuditCheckpointsTable;
  address_keys: AddressKeysTable;
  storage_samples: StorageSamplesTable;
}
