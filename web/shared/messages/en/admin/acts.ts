import type { ExamContents } from '../../../../../protocol/http/exams.ts';
import type { PluralForms } from '../../numbers.ts';

/** Changes of an exam's status, and their effects. */
export const acts = {
  /** Of an exam that is opened now, by its times. */
  starts: {
    now: 'Students can start at once.',
    later: (time: string) =>
      `Nobody can start before ${time}: its start stays. To let students start today, edit the start first.`,
    over: (time: string) => `Nobody can start: its end was ${time}. Edit the end first.`,
  },
  schedule: {
    name: 'Schedule',
    title: (exam: string) => `Schedule ${exam}?`,
    effect: 'It opens at its start and closes at its end by itself. Students see it in their list from now on.',
  },
  unschedule: {
    name: 'Back to draft',
    title: (exam: string) => `Take ${exam} out of the schedule?`,
    effect: 'It no longer opens by itself, and students no longer see it.',
  },
  open: {
    name: 'Open now',
    title: (exam: string) => `Open ${exam} now?`,
    effect:
      'Students see it as open. If it has an end, it closes then by itself; without one, close it when you are done.',
  },
  close: {
    name: 'Close',
    title: (exam: string) => `Close ${exam}?`,
    effect:
      'Nobody can start it any more, unused readmissions are withdrawn, and sessions that are running end now. To let them finish, wait until the end of the exam: it then closes by itself and they keep their remaining time.',
    running: { one: '# session is running and ends now.', other: '# sessions are running and end now.' },
  },
  reopen: {
    name: 'Open again',
    title: (exam: string) => `Open ${exam} again?`,
    effect:
      'Students can start it again within its times and attempts. A past end no longer closes it by itself: close it when you are done.',
  },
  archive: {
    name: 'Archive',
    title: (exam: string) => `Archive ${exam}?`,
    effect:
      'It moves to the archived exams and can never be opened again. Sessions, decisions and results stay until they are deleted with it or their retention time is over. This cannot be undone.',
  },
  remove: {
    name: 'Delete',
    title: (exam: string) => `Delete ${exam}?`,
    effect:
      'The exam is deleted with its policies, enrolments and assignments, and with all its sessions: their events, check-ins, images, reviews and verdicts. Entries of the audit log stay. This cannot be undone.',
    contentsLabel: 'Deleted with the exam',
    contents: {
      enrolments: { one: '# enrolment', other: '# enrolments' },
      assignments: { one: '# assignment of staff', other: '# assignments of staff' },
      policyVersions: { one: '# policy version', other: '# policy versions' },
      sessions: { one: '# session', other: '# sessions' },
      events: { one: '# event', other: '# events' },
      checkIns: { one: '# check-in', other: '# check-ins' },
      pictures: { one: '# image', other: '# images' },
      verdicts: { one: '# verdict', other: '# verdicts' },
    } satisfies Record<keyof ExamContents, PluralForms>,
    phrase: { one: 'delete # session', other: 'delete # sessions' },
    archiveFirst: 'The exam has sessions. Archive it first; then they are deleted with it.',
  },
};
