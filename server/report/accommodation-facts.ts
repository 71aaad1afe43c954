import type { SessionAccommodations } from '../../protocol/accommodations.ts';
import { appliedDetection } from '../../protocol/applied-detection.ts';
import { typeName } from './event-name.ts';

const minutes = (count: number) => `${count} ${count === 1 ? 'minute' : 'minutes'}`;

/** Pure: everything that applies to a session, a sentence each. */
export function accommodationFacts(given: SessionAccommodations): string[] {
  const { extraMinutes, profile } = given;
  const { gazeOff, turnsOff, holds, weights } = appliedDetection(given);
  return [
    ...(profile ? [`Profile: ${profile.name}, version ${profile.version}.`] : []),
    ...(extraMinutes > 0 ? [`Extra time: ${minutes(extraMinutes)}.`] : []),
    ...(profile && profile.breakMinutes > 0 ? [`Breaks: ${minutes(profile.breakMinutes)} in total.`] : []),
    ...(profile?.headCovering ? ['Head covering: not an incident.'] : []),
    ...(gazeOff ? ['Gaze is not analysed.'] : []),
    ...(turnsOff ? ['No head turns are asked for.'] : []),
    ...holds.map(({ type, seconds }) => `Time before an incident, ${typeName(type)}: ${seconds} s.`),
    ...weights.map(({ type, weight }) => `Weight of ${typeName(type)}: ${weight}.`),
    ...(profile?.note ? [`Note: ${profile.note}`] : []),
  ];
}
