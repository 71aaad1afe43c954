import { plural } from '../../numbers.ts';

const students = (count: number) => plural(count, { one: '# student', other: '# students' });

/** Commands to several sessions of the wall. */
export const bulk = {
  bar: 'Selected sessions',
  select: (name: string) => `Select ${name}`,
  selected: (count: number) => `${students(count)} selected`,
  selectAll: (count: number) => `Select all ${count}`,
  selectMatching: (count: number) => `Select the ${count} that match`,
  selectHint: 'Shift selects everybody between two tiles.',
  clear: 'Clear selection',
  everybody: 'Pause everybody',
  everybodyIn: (room: string) => `Pause everybody in ${room}`,
  resumeEverybody: 'Resume everybody',
  acts: {
    message: 'Message',
    pause: 'Pause',
    resume: 'Resume',
    extend: 'Extend',
    terminate: 'End exam',
  },
  titles: {
    message: (count: number) => `Send a message to ${students(count)}`,
    pause: (count: number) => `Pause ${students(count)}`,
    resume: (count: number) => `Resume ${students(count)}`,
    extend: (count: number) => `Extend the time of ${students(count)}`,
    terminate: (count: number) => `End the exam for ${students(count)}`,
  },
  where: (exams: string) => `Exam: ${exams}.`,
  whereRoom: (exams: string, room: string) => `Exam: ${exams}, room: ${room}.`,
  everybodyNote: 'Everybody who is taking the exam now, also those who are not on this page.',
  effects: {
    message: 'Each student reads it at once.',
    pause: "The students' clocks stop, and the pause is added to their time. They read the reason.",
    resume: 'The clocks go on, and each student reads the new end.',
    extend: 'The minutes are added for each of them. They read the new end.',
    terminate: 'The sessions end now, and the students cannot continue. Only staff can let them in again.',
  },
  message: 'Message to the students',
  reason: 'Reason (shown to the students)',
  reasonOptional: 'Reason (optional)',
  minutes: 'Minutes',
  alarmReason: 'Fire alarm: leave the room.',
  working: 'Sending…',
  done: {
    message: (count: number) => `Sent to ${students(count)}.`,
    pause: (count: number) => `Paused: ${students(count)}.`,
    resume: (count: number) => `Resumed: ${students(count)}.`,
    extend: (count: number) => `Extended: ${students(count)}.`,
    terminate: (count: number) => `Ended: ${students(count)}.`,
  },
  failed: (count: number) => `Without effect for ${students(count)}:`,
  unknown: 'A session that you do not see',
  again: (count: number) => `Try again for ${students(count)}`,
  close: 'Close',
};
