import type { CheckInDecisionName, CheckInPictureKind, CheckInState } from '../../../../../protocol/check-in-bounds.ts';
import { plural } from '../../numbers.ts';

/** Check-in before an exam: the waiting room of staff. */
export const checkIn = {
  title: 'Check-in',
  /** In the navigation; students who wait must not be forgotten. */
  nav: (waiting: number) => (waiting === 0 ? 'Check-in' : `Check-in (${waiting})`),
  navLabel: (waiting: number) =>
    waiting === 0
      ? 'Check-in'
      : plural(waiting, { one: 'Check-in: # student waits', other: 'Check-in: # students wait' }),
  waitFor: (waiting: number) => plural(waiting, { one: '# waits for check-in', other: '# wait for check-in' }),
  intro: 'Compare photo and document yourself: no computer compares faces. Your name is stored with each decision.',
  state: 'State',
  anyOpen: 'All that are open',
  states: {
    collecting: 'Taking pictures',
    waiting: 'Waiting',
    held: 'Held',
    admitted: 'Admitted',
    refused: 'Refused',
    withdrawn: 'Withdrawn by the student',
  } satisfies Record<CheckInState, string>,
  list: 'Students',
  none: {
    waiting: 'Nobody waits.',
    other: 'No check-ins match.',
  },
  cut: (listed: number) =>
    `Only the first ${listed} are listed. Choose an exam or a room, or decide about these first.`,
  stale: (problem: string) => `The list may be out of date: ${problem}`,
  waitsFor: (duration: string) => `waits ${duration}`,
  stateFor: (state: string, duration: string) => `${state}, ${duration}`,
  startUntil: (time: string) => `may begin until ${time}`,
  things: { photo: 'photo', document: 'document', room: 'room' } satisfies Record<CheckInPictureKind, string>,
  present: (things: string) => `There: ${things}`,
  missing: (things: string) => `Missing: ${things}`,
  extra: (duration: string) => `Extra time: ${duration}.`,
  choose: 'Choose a student on the left.',
  photo: 'Photo',
  document: 'Identity document',
  room: 'Room',
  noPhoto: 'No photo was sent.',
  noDocument: 'No document was sent.',
  noRoom: 'The room was not shown.',
  notYet: 'The student has not sent anything yet.',
  erased: (time: string) => `Photos were erased on ${time}.`,
  imageOf: (what: string, time: string) => `${what}, ${time}`,
  larger: 'Larger',
  smaller: 'Side by side',
  imagesHidden: 'Images are hidden or blurred by a setting of your wall.',
  showImages: 'Show these images',
  history: 'Decisions',
  noDecision: 'No decision yet.',
  decisions: {
    admit: 'Admitted',
    hold: 'Held',
    refuse: 'Refused',
    reopen: 'Opened again',
  } satisfies Record<CheckInDecisionName, string>,
  decided: (decision: string, name: string, time: string) => `${decision} by ${name}, ${time}`,
  without: (things: string) => `without: ${things}`,
  askedAgain: (things: string) => `to take again: ${things}`,

  acts: {
    admit: 'Admit',
    hold: 'Hold',
    refuse: 'Refuse',
    reopen: 'Open again',
  } satisfies Record<CheckInDecisionName, string>,
  readOnly: 'Proctors and exam managers decide.',
  used: 'The exam was started with this admission; nothing can be changed.',
  toSession: 'To the session',
  dialogTitle: (act: string, name: string) => `${act}: ${name}`,
  reason: 'Reason',
  reasonRead: 'The student reads the reason.',
  reasonMissing: (things: string) => `Missing: ${things}. State why the student may begin without it.`,
  retake: 'To take again',
  reasons: {
    admit: ['Known to me in person', 'Technical difficulties'],
    hold: [
      'The document cannot be read. Please take a sharper photo of it.',
      'Your face cannot be seen well. Please take another photo with light in front of you.',
      'Please show your desk and the door again.',
      'Please wait: we look at it again.',
    ],
    refuse: ['The document does not show the person who is enrolled.', 'You are not enrolled in this exam.'],
    reopen: ['It was clarified with the exam office.', 'Refused by mistake.'],
  } satisfies Record<CheckInDecisionName, readonly string[]>,
  done: {
    admit: (name: string) => `${name} is admitted.`,
    hold: (name: string) => `${name} is asked to wait or to send something again.`,
    refuse: (name: string) => `${name} is refused.`,
    reopen: (name: string) => `The check-in of ${name} is open again.`,
  } satisfies Record<CheckInDecisionName, (name: string) => string>,
  backTo: (name: string) => `Back to ${name}`,
  changedBy: {
    admit: (name: string, ago: string) => `${name} admitted this student ${ago} ago. Nothing of yours was saved.`,
    hold: (name: string, ago: string) =>
      `${name} asked this student for something ${ago} ago. Nothing of yours was saved.`,
    refuse: (name: string, ago: string) => `${name} refused this student ${ago} ago. Nothing of yours was saved.`,
    reopen: (name: string, ago: string) => `${name} opened this check-in again ${ago} ago. Nothing of yours was saved.`,
  } satisfies Record<CheckInDecisionName, (name: string, ago: string) => string>,
  changedByStudent: 'The student has changed the check-in meanwhile. Nothing of yours was saved: look again.',

  /** On the pages of a session. */
  record: 'Check-in',
  recordBegun: (time: string) => `Begun ${time}`,
  recordShow: 'Show images',
  recordShowNote: 'Each view is logged.',
  recordErased: (time: string) => `Photo and document were erased on ${time}.`,
  recordNone: 'No images are left.',
};
