import type { OpenTo, StaffAccess } from '../../../../../protocol/http/exams.ts';

/** Form that creates or edits an exam. */
export const form = {
  newTitle: 'New exam',
  cloneTitle: 'Clone an exam',
  cloneNote: (title: string) => `Terms and policy are those of ${title}. Times, students and staff are not copied.`,
  copyOf: (title: string) => `${title} (copy)`,
  elsewhere:
    'Invigil supervises; the questions are in your learning platform, whose exam page embeds Invigil, or on paper. For an exam on paper, students keep the page /exam of this server open; it shows a sample question only in exams that are open to everyone.',
  title: 'Title',
  times: 'Times',
  zone: 'Time zone',
  zoneHint: 'Times below are by the clock of this zone, and students see them in it.',
  start: 'Start',
  end: 'End',
  first: 'After saving',
  window: (duration: string) => `From start to end: ${duration}.`,
  minutes: 'Time limit in minutes',
  minutesHint: 'Counts from each student’s start. Leave empty for no limit',
  lateStart: 'Late start in minutes',
  lateStartHint: 'Time after the start in which students can begin. Leave empty: until the end',
  people: 'Who takes part',
  attempts: 'Attempts per student',
  attemptsHint: 'Leave empty for no limit. Staff can readmit a student beyond it',
  openTo: 'Open to',
  openToNames: { enrolled: 'Enrolled students only', all: 'Everyone with an account' } satisfies Record<OpenTo, string>,
  openToHints: {
    enrolled: 'Only students whom you enrol see it and can start it.',
    all: 'Enrolments still set rooms and extra time.',
  } satisfies Record<OpenTo, string>,
  openWarning:
    'Every student account of the organisation sees this exam and can start it, without an enrolment. Where people register themselves, that is anybody.',
  openAgreed: 'Yes, open it to everyone with an account',
  staffAccess: 'Seen by',
  staffNames: {
    assigned: 'Assigned proctors and reviewers',
    all: 'All proctors and reviewers',
  } satisfies Record<StaffAccess, string>,
  staffHints: {
    assigned: 'Only those whom you assign, to the exam or to rooms.',
    all: 'Every proctor and reviewer of the organisation, without an assignment.',
  } satisfies Record<StaffAccess, string>,
  sample: 'Calm sessions to look at, in per cent',
  sampleHint: 'Drawn at random after the exam, for reviewers to look at besides those that stand out. 0: none',
  firstNames: { draft: 'Keep as a draft', scheduled: 'Schedule it', active: 'Open it now' },
  firstHints: {
    draft: 'Students do not see it yet.',
    scheduled: 'It opens at its start and closes at its end by itself.',
    active: 'Students can start it right away, or from its start on.',
  },
  runningKeep: 'Running sessions keep their deadlines.',
  faults: {
    startMissing: 'The start does not exist in this time zone.',
    endMissing: 'The end does not exist in this time zone.',
    endBeforeStart: 'The end must be after the start.',
    noStart: 'A scheduled exam needs a start.',
    over: 'The end is already over.',
  },
  warnings: {
    startPast: 'The start is in the past: students can begin at once.',
    limitBeyondEnd: (time: string) =>
      `A student who begins at the last moment loses ${time} of the time limit: the exam ends before.`,
  },
  seeTimes: 'The times above cannot be saved yet.',
  save: 'Save',
  create: 'Create exam',
};
