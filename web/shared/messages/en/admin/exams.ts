import type { ExamPeriod, ExamStatus } from '../../../../../protocol/http/exams.ts';

/** Lists of exams. */
export const exams = {
  title: 'Exams',
  place: 'Breadcrumb',
  make: 'New exam',
  search: 'Search by title',
  periods: 'Period',
  when: { today: 'Today', coming: 'Coming', past: 'Past', archived: 'Archived' } satisfies Record<ExamPeriod, string>,
  none: {
    today: 'No exams today.',
    coming: 'No exams are planned.',
    past: 'No past exams.',
    archived: 'No archived exams.',
  } satisfies Record<ExamPeriod, string>,
  noneFound: (text: string) => `No exam has “${text}” in its title.`,
  status: {
    draft: 'Draft',
    scheduled: 'Scheduled',
    active: 'Open',
    completed: 'Closed',
    archived: 'Archived',
  } satisfies Record<ExamStatus, string>,
  from: (time: string) => `From ${time}`,
  until: (time: string) => `until ${time}`,
  noTimes: 'No times',
  noLimit: 'No limit',
};

/** One exam. */
export const exam = {
  tabsLabel: 'Pages of this exam',
  tabs: {
    overview: 'Overview',
    students: 'Students',
    staff: 'Staff',
    attendance: 'Attendance',
    results: 'Results',
    edit: 'Edit',
  },
  sessions: 'Sessions',
  statusMeans: {
    draft: 'A draft: students do not see it.',
    scheduled: 'Scheduled: it opens at its start and closes at its end by itself.',
    active: 'Open: students can start it within its times.',
    completed: 'Closed: nobody can start it. Its sessions can be reviewed.',
    archived: 'Archived: it can never be opened again. Its sessions can be reviewed until they are deleted.',
  } satisfies Record<ExamStatus, string>,
  notSet: 'Not set',
  limit: 'Time limit',
  lateStart: 'Late start',
  untilEnd: 'Until the end',
  lateStartWithin: (duration: string) => `Within ${duration} after the start`,
  policy: 'Policy',
  policyVersion: (version: string) => `Version ${version}`,
  keptForDays: { one: 'records kept for # day', other: 'records kept for # days' },
  actions: 'What you can do',
  students: { one: '# student enrolled', other: '# students enrolled' },
  staff: { one: '# person assigned to watch or review', other: '# people assigned to watch or review' },
  noStudents: 'No students are enrolled yet. Nobody can sit this exam.',
  noStaff: 'Nobody is assigned yet: proctors and reviewers do not see this exam.',
  noStaffAll: 'Nobody is assigned. All proctors and reviewers of the organisation see this exam.',
  clone: 'Clone',
  wall: 'Watch live',
};
