import type { SessionAccommodations } from '../../protocol/accommodations.ts';

const HOLDS: Readonly<Record<string, string>> = {
  noFace: 'nobody in the picture',
  lookingAway: 'looking away',
  cameraCovered: 'covered camera',
  frozenVideo: 'frozen video',
  noFrame: 'missing images',
};

/** Pure: everything that applies to a session, a sentence each. */
export function accommodationFacts({ extraMinutes, detection, profile }: SessionAccommodations): string[] {
  const gazeOff = detection.gaze === false || profile?.detection.gaze === false;
  const holds = { ...profile?.detection.holds, ...detection.holds };
  const weights = { ...profile?.detection.weights, ...detection.weights };
  return [
    ...(profile ? [`Profile: ${profile.name}, version ${profile.version}.`] : []),
    ...(extraMinutes > 0 ? [`Extra time: ${extraMinutes} minutes.`] : []),
    ...(profile && profile.breakMinutes > 0 ? [`Breaks: ${profile.breakMinutes} minutes.`] : []),
    ...(profile?.headCovering ? ['A head covering is worn.'] : []),
    ...(gazeOff ? ['Gaze is not analysed.'] : []),
    ...Object.entries(holds).map(([name, seconds]) => `Time before an incident, ${HOLDS[name] ?? name}: ${seconds} s.`),
    ...Object.entries(weights).map(
      ([type, weight]) => `Weight of ${type.toLowerCase().replaceAll('_', ' ')}: ${weight}.`,
    ),
    ...(profile?.note ? [`Note: ${profile.note}`] : []),
  ];
}
