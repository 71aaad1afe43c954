import type { User } from '../../../../protocol/http/accounts.ts';
import { acts } from './admin/acts.ts';
import { audit } from './admin/audit.ts';
import { system } from './admin/system.ts';
import { bulk } from './admin/bulk.ts';
import { flags } from './admin/flags.ts';
import { form } from './admin/exam-form.ts';
import { exam, exams } from './admin/exams.ts';
import { imports } from './admin/imports.ts';
import { meanwhile } from './admin/meanwhile.ts';
import { organisations } from './admin/organisations.ts';
import { person } from './admin/person.ts';
import { policy } from './admin/policy.ts';
import { profiles } from './admin/profiles.ts';
import { results } from './admin/results.ts';
import { attendance, staff, students } from './admin/people-of-exam.ts';

/** The administration area. */
export const admin = {
  page: 'Administration',
  loginTitle: 'Log in as an administrator or exam manager',
  managersOnly: 'This page is for administrators and exam managers',
  loggedInAs: (role: string) => `You are logged in as ${role}.`,
  roles: {
    student: 'a student',
    proctor: 'a proctor',
    reviewer: 'a reviewer',
    manager: 'an exam manager',
    admin: 'an administrator',
  } satisfies Record<User['role'], string>,
  toExams: 'Go to your exams',
  toConsole: 'Go to the console',
  switchAccount: 'Log in with another account',
  console: 'Console',
  sectionsLabel: 'Administration',
  sections: {
    overview: 'Overview',
    exams: 'Exams',
    people: 'People',
    import: 'Import',
    profiles: 'Profiles',
    audit: 'Audit log',
    system: 'System',
    organisations: 'Organisations',
  },
  meanwhile,
  unknownPage: {
    title: 'There is no page at this address',
    hint: 'It may have been mistyped or cut off. Continue from the sections of the administration.',
  },
  leaveUnsaved: 'What you have typed is not saved. Leave this page without saving?',
  sessions: 'Sessions',
  adminsOnly: 'This page is for administrators.',
  showMore: 'Show more',
  actions: 'Actions',
  all: 'All',

  overview: {
    title: 'Overview',
    noneToday: 'No exams today.',
    steps: 'Next steps',
    makeExam: 'Make an exam',
    makeExamHint: 'Title, times with their zone, time limit, attempts. It can open and close by itself.',
    importPeople: 'Import people',
    importPeopleHint: 'From a CSV file, with invitation links for everyone. Then import the enrolments of an exam.',
    done: 'Done',
    enrol: 'Enrol students',
    enrolIn: (title: string) => `Enrol students: ${title}`,
    enrolHint: 'On the page of an exam, or for many at once with an import of enrolments with rooms and seats.',
    assignTo: (title: string) => `Assign proctors: ${title}`,
    addPeople: 'Add proctors and reviewers',
    addPeopleHint: 'Create their accounts, or those of single students, and hand out invitation links.',
    assign: 'Assign proctors',
    assignHint: 'Proctors and reviewers see the exams or rooms that they are assigned to, and nothing else.',
    tryIt: 'Try it as a student',
    tryItHint: 'Log in with a student account in another browser or a private window.',
  },
  exams,
  exam,
  form,
  acts,
  person,
  students,
  staff,
  attendance,
  audit,
  system,
  imports,
  flags,
  policy,
  profiles,
  organisations,
  bulk,
  results,
};
