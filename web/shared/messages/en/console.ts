import { accommodations } from './console/accommodations.ts';
import { bulk } from './console/bulk.ts';
import { auditLog } from './console/audit-log.ts';
import { checkIn } from './console/check-in.ts';
import { conversation } from './console/conversation.ts';
import { given } from './console/given.ts';
import { report } from './console/report.ts';
import { review } from './console/review.ts';
import { security } from './console/security.ts';
import { session } from './console/session.ts';
import { sessions } from './console/sessions.ts';
import { verdicts } from './console/verdicts.ts';
import { wall } from './console/wall.ts';

/** The proctor console. */
export const console = {
  page: 'Proctor console',
  loginTitle: 'Log in as a proctor or reviewer',
  exams: 'Exams',
  security: 'Security log',
  administration: 'Administration',
  staffOnly: 'This page is for proctors',
  loggedInAsStudent: 'You are logged in as a student.',
  toExams: 'Go to your exams',
  switchAccount: 'Log in with another account',
  notFound: 'Page not found',
  notFoundHint: 'The console has no page at this address. Check the link, or start from the exams.',
  notFoundBack: 'To the exams',
  adminsOnly: 'This page is for administrators.',
  wall,
  accommodations,
  bulk,
  checkIn,
  conversation,
  given,
  session,
  sessions,
  review,
  verdicts,
  report,
  auditLog,
  securityLog: security,
};
