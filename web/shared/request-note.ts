import type { Event } from '../../protocol/events.ts';
import { eventText } from './messages/events.ts';

const wordOf = (words: Readonly<Record<string, string>>, code: unknown): string | undefined =>
  typeof code === 'string' && Object.hasOwn(words, code) ? words[code] : undefined;

/** Types of events about requests to the student, whose details are told by `requestNote`. */
export const REQUEST_TYPES: ReadonlySet<string> = new Set([
  'CHALLENGE_ASKED',
  'CHALLENGE_PASSED',
  'CHALLENGE_FAILED',
  'CHALLENGE_NOT_SEEN',
  'ROOM_LOOK',
  'FACE_CHECK',
]);

/**
 * What was asked of the student, and what came of it, in words; undefined for other events, and for those of a client,
 * which must not speak for the server.
 */
export function requestNote({ type, source, endedAt, details }: Event): string | undefined {
  if (source === 'client' || !REQUEST_TYPES.has(type)) return undefined;
  const parts =
    type === 'ROOM_LOOK'
      ? [lookNote(details)]
      : type === 'FACE_CHECK'
        ? checkNote(details, endedAt)
        : turnNote(details);
  return parts.filter(Boolean).join(' · ') || undefined;
}

const turnNote = ({ direction, seen, why, tries, atRandom }: Event['details']) => [
  wordOf(eventText.directions, direction),
  wordOf(eventText.turns, seen),
  wordOf(eventText.notSeen, why),
  atRandom === true ? eventText.atRandom : undefined,
  tries === 2 ? eventText.askedAgain : undefined,
];

function lookNote({ result, studentReason, shownSeconds }: Event['details']): string | undefined {
  const { looks } = eventText;
  if (result === 'shown') return looks.shown(typeof shownSeconds === 'number' ? shownSeconds : 0);
  if (result === 'declined' && typeof studentReason === 'string') return looks.declinedBecause(studentReason);
  const { shown: _shown, declinedBecause: _because, ...words } = looks;
  return wordOf(words, result);
}

const checkNote = ({ outcome, note }: Event['details'], endedAt: string | null) => [
  wordOf(eventText.faceChecks, outcome) ?? (endedAt === null ? undefined : eventText.faceCheckOpen),
  typeof note === 'string' ? note : undefined,
];
