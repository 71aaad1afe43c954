import type { SessionAccommodations } from '../../protocol/accommodations.ts';
import { type AppliedDetection, appliedDetection } from '../../protocol/applied-detection.ts';
import { eventTitle } from '../shared/event-name.ts';
import { number } from '../shared/messages/numbers.ts';
import { duration } from '../shared/time-format.ts';
import { t } from './messages.ts';

const minutes = (count: number) => duration(count * 60_000);

/** For the tile: a few words each, first those that change what a proctor sees or does. */
export function shortAccommodations(given: SessionAccommodations): string[] {
  const { extraMinutes, profile } = given;
  const { gazeOff, turnsOff, holds, weights } = appliedDetection(given);
  return [
    ...(profile?.headCovering ? [t.accommodations.headCoveringShort] : []),
    ...(profile && profile.breakMinutes > 0 ? [t.accommodations.breaksShort(minutes(profile.breakMinutes))] : []),
    ...(gazeOff ? [t.accommodations.gazeShort] : []),
    ...(turnsOff ? [t.accommodations.challengesShort] : []),
    ...(extraMinutes > 0 ? [t.accommodations.extraShort(minutes(extraMinutes))] : []),
    ...(holds.length > 0 || weights.length > 0 ? [t.accommodations.detectionShort] : []),
    ...(profile?.note ? [t.accommodations.noteShort] : []),
  ];
}

/** Everything that applies to the session, a sentence each; the note for proctors comes last. */
export function accommodationLines(given: SessionAccommodations): string[] {
  const { extraMinutes, profile } = given;
  const { gazeOff, turnsOff, holds, weights } = appliedDetection(given);
  return [
    ...(extraMinutes > 0 ? [t.accommodations.extra(minutes(extraMinutes))] : []),
    ...(profile && profile.breakMinutes > 0 ? [t.accommodations.breaks(minutes(profile.breakMinutes))] : []),
    ...(profile?.headCovering ? [t.accommodations.headCovering] : []),
    ...(gazeOff ? [t.accommodations.gaze] : []),
    ...(turnsOff ? [t.accommodations.challenges] : []),
    ...(holds.length > 0 ? [t.accommodations.holds(holds.map(holdWords).join(', '))] : []),
    ...(weights.length > 0 ? [t.accommodations.weights(weights.map(weightWords).join(', '))] : []),
    ...(profile?.note ? [t.accommodations.note(profile.note)] : []),
  ];
}

const holdWords = ({ type, seconds }: AppliedDetection['holds'][number]) =>
  `${eventTitle({ type })} ${duration(seconds * 1000)}`;

const weightWords = ({ type, weight }: AppliedDetection['weights'][number]) =>
  `${eventTitle({ type })} ${number(weight)}`;
