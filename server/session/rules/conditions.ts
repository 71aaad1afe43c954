import type { Detection } from '../../../models/jobs.ts';
import type { Policy } from '../../../protocol/policy.ts';
import type { Calibration } from './calibration.ts';
import { peopleOf } from './people.ts';

/** Confidence 0..1 of a condition that holds; undefined: it does not hold. `unknown`: the picture does not tell. */
export type Reading = number | undefined | 'unknown';

/** Conditions of one analysed frame. */
export interface Conditions {
  readonly covered: Reading;
  readonly noFace: Reading;
  readonly multipleFaces: Reading;
  readonly lookingAway: Reading;
}

/** Dark or featureless: without a face in it, such a picture tells nothing. */
export function isBlank(policy: Policy['covered'], luma: Detection['luma']): boolean {
  return luma.mean < policy.luma || luma.deviation < policy.deviation;
}

/** The score of the best further face that counts as a person. */
function secondPerson(policy: Policy['multipleFaces'], faces: Detection['faces']): number | undefined {
  const { others } = peopleOf(faces, policy.minHeightRatio);
  return others.length === 0 ? undefined : Math.max(...others.map((face) => face.score));
}

function headAway(policy: Policy['pose'], pose: Detection['pose'], baseline: Calibration['baseline']): boolean {
  if (!pose) return false;
  const yaw = pose.yaw - baseline.yaw;
  const pitch = pose.pitch - baseline.pitch;
  return Math.abs(yaw) > policy.yaw || pitch > policy.pitchUp || pitch < policy.pitchDown;
}

function eyesAway(policy: Policy['gaze'], gaze: Detection['gaze']): boolean {
  if (!policy.enabled || !gaze || gaze.confidence < policy.minConfidence) return false;
  return Math.abs(gaze.yaw) > policy.yaw || Math.abs(gaze.pitch) > policy.pitch;
}

/**
 * @param isDarkRoom a face was found in a dark picture a moment ago: one that is missed now does not mean a covered
 *   camera
 */
export function readConditions(
  policy: Policy,
  detection: Detection,
  baseline: Calibration['baseline'],
  isDarkRoom = false,
): Conditions {
  const best = detection.faces[0];
  if (!best) {
    return isBlank(policy.covered, detection.luma)
      ? { covered: isDarkRoom ? 'unknown' : 1, noFace: 'unknown', multipleFaces: 'unknown', lookingAway: 'unknown' }
      : { covered: undefined, noFace: 1, multipleFaces: undefined, lookingAway: undefined };
  }
  const away = headAway(policy.pose, detection.pose, baseline) || eyesAway(policy.gaze, detection.gaze);
  return {
    covered: undefined,
    noFace: undefined,
    multipleFaces: secondPerson(policy.multipleFaces, detection.faces),
    lookingAway: away ? best.score : detection.pose === null ? 'unknown' : undefined,
  };
}
