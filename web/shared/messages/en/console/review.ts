import type { Evidence } from '../../../../../protocol/http/evidence.ts';
import type { Review } from '../../../../../protocol/http/reviews.ts';
import { number } from '../../numbers.ts';
import { eventDetails } from './event-details.ts';

/** Review of a session: decisions about events, and the verdict. */
export const review = {
  incidents: 'Incidents',
  undecided: (undecided: number, total: number) => `${undecided} of ${total} not reviewed`,
  includeZeroWeight: 'Include zero-weight events',
  none: 'No events recorded.',
  keys: 'Shortcuts:',
  keysOff: 'Shortcuts are off.',
  editKeys: 'Edit shortcuts',
  keysTitle: 'Review shortcuts',
  keysOn: 'Enable single-key shortcuts',
  saveKeys: 'Save',
  resetKeys: 'Reset to defaults',
  actions: { next: 'Next', previous: 'Previous', confirm: 'Confirm', dismiss: 'Dismiss', undo: 'Undo last decision' },
  keyInvalid: (action: string) => `“${action}” needs exactly one character.`,
  keyTwice: (key: string, one: string, other: string) => `“${key}” is assigned to both “${one}” and “${other}”.`,

  decisions: {
    confirmed: 'Confirmed',
    dismissed: 'Dismissed',
    reopened: 'Reopened',
  } satisfies Record<Review['decision'], string>,
  notReviewed: 'Not reviewed',
  decided: (event: string, decision: string, score: string) =>
    `${event}: ${decision}. Score excluding dismissed: ${score}.`,
  nothingToUndo: 'Nothing to undo.',
  undone: (decision: string, by: string, reason: string) => `Undone: ${decision} by ${by} (${reason})`,
  someone: 'an unknown account',
  unnamed: 'an account without a name',

  source: 'Source:',
  ongoing: 'ongoing',
  instant: 'instant',
  weight: (weight: number) => `weight ${number(weight)}`,
  confirm: 'Confirm',
  dismiss: 'Dismiss',
  undo: 'Undo',
  history: 'Decisions, newest first',
  reason: 'Reason',
  commonReasons: 'Common reasons',
  reasons: {
    dismissed: ['False detection', 'Allowed by the exam', 'Technical cause'],
    confirmed: ['Repeated', 'No explanation given'],
  },
  visibleInImage: 'Visible in the image',
  decisionTitle: (decision: string, event: string) => `${decision}: ${event}`,

  imagesLoading: 'Loading images…',
  imagesFailed: (reason: string) => `The images cannot be shown: ${reason}`,
  noImages: 'No images stored.',
  evidence: {
    opened: 'At the start',
    strongest: 'At its clearest',
    closed: 'At the end',
    start: 'At the start of the session',
    present: 'At the face check',
    room: 'Room',
  } satisfies Record<Evidence['kind'], string>,
  imageAt: (kind: string, time: string) => `${kind}, ${time}`,
  image: (description: string) => `Image: ${description}`,
  imageUnreadable: 'Not readable',

  details: eventDetails,

  staffActs: 'Terminations, readmissions and face checks',
  terminatedBy: (name: string, time: string) => `Ended by ${name}, ${time}.`,
  faceCheckedBy: (name: string, time: string, outcome: string) =>
    `Face compared by ${name}, ${time}: ${outcome || 'not finished'}.`,
  attemptTerminated: (attempt: string, time: string) => `Attempt ${attempt} was ended by a proctor, ${time}.`,
  extraMinutes: (minutes: string) => `Extra minutes: ${minutes}.`,
  notDecided: 'An act of staff: there is nothing to confirm or dismiss.',

  allEvents: 'All events',
  excludingDismissed: 'Excluding dismissed events',
  verdict: 'Verdict',
  noVerdict: 'No verdict yet.',
  verdictBy: (name: string, time: string) => `by ${name}, ${time}:`,
  yourVerdict: 'Your verdict',
  newVerdict: 'New verdict, replaces the current one',
  verdictReason: 'Reason for the verdict',
  submitVerdict: 'Submit verdict',
  submittedAs: (name: string) => `Submitted as ${name}`,
  verdictLater: 'You can submit a verdict once the session has ended.',
};
