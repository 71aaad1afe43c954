import { type Kysely, type Migration, Migrator } from 'kysely';
import * as mainPath from './migrations/0001-main-path.ts';
import * as examPoliciesEnrolments from './migrations/0002-exam-policies-enrolments.ts';
import * as analysisAndIdempotency from './migrations/0003-analysis-and-idempotency.ts';
import * as reviews from './migrations/0004-reviews.ts';
import * as audit from './migrations/0005-audit.ts';
import * as evidence from './migrations/0006-evidence.ts';
import * as rooms from './migrations/0007-rooms.ts';
import * as auditTree from './migrations/0008-audit-tree.ts';
import * as logins from './migrations/0009-logins.ts';
import * as secondFactors from './migrations/0011-second-factors.ts';
import * as plainNames from './migrations/0012-plain-names.ts';
import * as listIndexes from './migrations/0013-list-indexes.ts';
import * as addressKeys from './migrations/0014-address-keys.ts';
import * as studentView from './migrations/0015-student-view.ts';
import * as apiKeys from './migrations/0016-api-keys.ts';
import * as organisations from './migrations/0018-organisations.ts';
import * as attemptsAndSchedule from './migrations/0019-attempts-and-schedule.ts';
import * as people from './migrations/0020-people.ts';
import * as profiles from './migrations/0021-profiles.ts';
import * as oversight from './migrations/0022-oversight.ts';
import * as attention from './migrations/0023-attention.ts';
import * as clientOrigin from './migrations/0024-client-origin.ts';
import * as baseline from './migrations/0025-baseline.ts';
import * as reviewActs from './migrations/0026-review-acts.ts';
import * as requests from './migrations/0027-requests.ts';
import * as nameChanges from './migrations/0028-name-changes.ts';
import * as eventsByType from './migrations/0029-events-by-type.ts';
import * as reviewWork from './migrations/0030-review-work.ts';
import * as pauseStopsTheClock from './migrations/0031-pause-stops-the-clock.ts';
import * as sessionFilters from './migrations/0032-session-filters.ts';
import * as team from './migrations/0034-team.ts';
import * as conversation from './migrations/0035-conversation.ts';
import * as releaseAndAppeal from './migrations/0037-release-and-appeal.ts';
import * as flags from './migrations/0039-flags.ts';
import * as checkIn from './migrations/0040-check-in.ts';
import * as roomsInAnyCase from './migrations/0041-rooms-in-any-case.ts';
import * as nodes from './migrations/0042-nodes.ts';
import * as attentionOfEnded from './migrations/0043-attention-of-ended.ts';
import type { Schema } from './schema/database.ts';

/** All migrations by name. There are no down migrations: a mistake is fixed by the next one. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-main-path': mainPath,
  '0002-exam-policies-enrolments': examPoliciesEnrolments,
  '0003-analysis-and-idempotency': analysisAndIdempotency,
  '0004-reviews': reviews,
  '0005-audit': audit,
  '0006-evidence': evidence,
  '0007-rooms': rooms,
  '0008-audit-tree': auditTree,
  '0009-logins': logins,
  '0011-second-factors': secondFactors,
  '0012-plain-names': plainNames,
  '0013-list-indexes': listIndexes,
  '0014-address-keys': addressKeys,
  '0015-student-view': studentView,
  '0016-api-keys': apiKeys,
  '0018-organisations': organisations,
  '0019-attempts-and-schedule': attemptsAndSchedule,
  '0020-people': people,
  '0021-profiles': profiles,
  '0022-oversight': oversight,
  '0023-attention': attention,
  '0024-client-origin': clientOrigin,
  '0025-baseline': baseline,
  '0026-review-acts': reviewActs,
  '0027-requests': requests,
  '0028-name-changes': nameChanges,
  '0029-events-by-type': eventsByType,
  '0030-review-work': reviewWork,
  '0031-pause-stops-the-clock': pauseStopsTheClock,
  '0032-session-filters': sessionFilters,
  '0034-team': team,
  '0035-conversation': conversation,
  '0037-release-and-appeal': releaseAndAppeal,
  '0039-flags': flags,
  '0040-check-in': checkIn,
  '0041-rooms-in-any-case': roomsInAnyCase,
  '0042-nodes': nodes,
  '0043-attention-of-ended': attentionOfEnded,
};

/** Migrates the schema to the latest version. @throws the error of the first failing migration */
export async function migrate(db: Kysely<Schema>): Promise<string[]> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } });
  const { error, results } = await migrator.migrateToLatest();
  if (error) throw error instanceof Error ? error : new Error('migrating failed', { cause: error });
  return (results ?? []).map((result) => result.migrationName);
}
