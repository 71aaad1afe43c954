import type { SessionAccommodations } from '../../protocol/accommodations.ts';
import type { IncidentType } from '../../protocol/event-types.ts';
import { eventTitle } from '../shared/event-name.ts';
import { number } from '../shared/messages/numbers.ts';
import { duration } from '../shared/time-format.ts';
import { t } from './messages.ts';

type Holds = NonNullable<SessionAccommodations['detection']['holds']>;

const INCIDENT: Readonly<Record<keyof Holds, IncidentType>> = {
  noFace: 'NO_FACE',
  lookingAway: 'LOOKING_AWAY',
  cameraCovered: 'CAMERA_COVERED',
  frozenVideo: 'FROZEN_VIDEO',
  noFrame: 'NO_FRAME_RECEIVED',
};

const minutes = (count: number) => duration(count * 60_000);

/** For the tile: a few words each, first those that change what a proctor sees or does. */
export function shortAccommodations(given: SessionAccommodations): string[] {
  const { extraMinutes, profile } = given;
  return [
    ...(profile?.headCovering ? [t.accommodations.headCoveringShort] : []),
    ...(profile && profile.breakMinutes > 0 ? [t.accommodations.breaksShort(minutes(profile.breakMinutes))] : []),
    ...(isGazeOff(given) ? [t.accommodations.gazeShort] : []),
    ...(areTurnsOff(given) ? [t.accommodations.challengesShort] : []),
    ...(extraMinutes > 0 ? [t.accommodations.extraShort(minutes(extraMinutes))] : []),
    ...(holdsOf(given).length > 0 || weightsOf(given).length > 0 ? [t.accommodations.detectionShort] : []),
    ...(profile?.note ? [t.accommodations.noteShort] : []),
  ];
}

/** Everything that applies to the session, a sentence each; the note for proctors comes last. */
export function accommodationLines(given: SessionAccommodations): string[] {
  const { extraMinutes, profile } = given;
  const holds = holdsOf(given);
  const weights = weightsOf(given);
  return [
    ...(extraMinutes > 0 ? [t.accommodations.extra(minutes(extraMinutes))] : []),
    ...(profile && profile.breakMinutes > 0 ? [t.accommodations.breaks(minutes(profile.breakMinutes))] : []),
    ...(profile?.headCovering ? [t.accommodations.headCovering] : []),
    ...(isGazeOff(given) ? [t.accommodations.gaze] : []),
    ...(areTurnsOff(given) ? [t.accommodations.challenges] : []),
    ...(holds.length > 0 ? [t.accommodations.holds(holds.join(', '))] : []),
    ...(weights.length > 0 ? [t.accommodations.weights(weights.join(', '))] : []),
    ...(profile?.note ? [t.accommodations.note(profile.note)] : []),
  ];
}

const isGazeOff = ({ detection, profile }: SessionAccommodations): boolean =>
  detection.gaze === false || profile?.detection.gaze === false;

const areTurnsOff = ({ detection, profile }: SessionAccommodations): boolean =>
  detection.challenges === false || profile?.detection.challenges === false;

/** Of two holds the longer one, as the server applies them. */
function holdsOf({ detection, profile }: SessionAccommodations): string[] {
  return Object.entries(INCIDENT).flatMap(([name, type]) => {
    const given = [detection.holds?.[name as keyof Holds], profile?.detection.holds?.[name as keyof Holds]].filter(
      (seconds) => seconds !== undefined,
    );
    return given.length === 0 ? [] : [`${eventTitle({ type })} ${duration(Math.max(...given) * 1000)}`];
  });
}

/** Of two weights the lower one, as the server applies them. */
function weightsOf({ detection, profile }: SessionAccommodations): string[] {
  const types = new Set([...Object.keys(detection.weights ?? {}), ...Object.keys(profile?.detection.weights ?? {})]);
  return [...types].map((type) => {
    const given = [detection.weights?.[type], profile?.detection.weights?.[type]].filter((one) => one !== undefined);
    return `${eventTitle({ type })} ${number(Math.min(...given))}`;
  });
}
