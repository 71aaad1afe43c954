import type { Detection } from '../../../models/jobs.ts';
import type { Policy } from '../../../protocol/policy.ts';
import type { Calibration } from './calibration.ts';

/** Conditions of one analysed frame, each with its confidence 0..1; undefined: does not hold. */
export interface Conditions {
  readonly covered: number | undefined;
  readonly noFace: number | undefined;
  readonly multipleFaces: number | undefined;
  readonly lookingAway: number | undefined;
}

/** Dark or featureless: faces cannot be judged. */
function isCovered(policy: Policy['covered'], luma: Detection['luma']): boolean {
  return luma.mean < policy.luma || luma.deviation < policy.deviation;
}

/** The score of the best further face that is tall enough beside the tallest one. */
function secondFace(policy: Policy['multipleFaces'], faces: Detection['faces']): number | undefined {
  const tallest = faces.reduce((best, face) => (face.box[3] > best.box[3] ? face : best), faces[0]!);
  const others = faces.filter((face) => face !== tallest && face.box[3] >= policy.minHeightRatio * tallest.box[3]);
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

export function readConditions(policy: Policy, detection: Detection, baseline: Calibration['baseline']): Conditions {
  const nothing = { covered: undefined, noFace: undefined, multipleFaces: undefined, lookingAway: undefined };
  if (isCovered(policy.covered, detection.luma)) return { ...nothing, covered: 1 };
  const best = detection.faces[0];
  if (!best) return { ...nothing, noFace: 1 };
  const away = headAway(policy.pose, detection.pose, baseline) || eyesAway(policy.gaze, detection.gaze);
  return {
    ...nothing,
    multipleFaces: secondFace(policy.multipleFaces, detection.faces),
    lookingAway: away ? best.score : undefined,
  };
}
