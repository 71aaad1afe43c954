import type { Case } from '../case.ts';
import { accounts } from './accounts.ts';
import { apiKeys } from './api-keys.ts';
import { logins } from './logins.ts';
import { audit } from './audit.ts';
import { evidence, systemCheck } from './evidence.ts';
import { enrolment } from './enrolment.ts';
import { exams } from './exams.ts';
import { factors } from './factors.ts';
import { people } from './people.ts';
import { profiles } from './profiles.ts';
import { proctoring } from './proctoring.ts';
import { results } from './results.ts';
import { review } from './review.ts';
import { service } from './service.ts';
import { staff } from './staff.ts';
import { readmissions } from './readmissions.ts';
import { verdicts } from './verdicts.ts';
import { conversation } from './conversation.ts';
import { checkIns } from './check-in.ts';
import { requests } from './requests.ts';
import { sessions } from './sessions.ts';
import { team } from './team.ts';

/** Native API: the Flask system's routes and Invigil's own. */
export const nativeCases: Case[] = [
  ...accounts,
  ...people,
  ...apiKeys,
  ...logins,
  ...factors,
  ...exams,
  ...enrolment,
  ...profiles,
  ...staff,
  ...checkIns,
  ...sessions,
  ...readmissions,
  ...requests,
  ...team,
  ...conversation,
  ...proctoring,
  ...review,
  ...verdicts,
  ...results,
  ...evidence,
  ...audit,
  ...systemCheck,
  ...service,
];
