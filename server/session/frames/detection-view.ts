import type { Detection, Face, LoadedModel } from '../../../models/jobs.ts';
import type { Analysis } from '../../../protocol/down.ts';
import type { Policy } from '../../../protocol/policy.ts';
import { isFaceDark } from '../rules/face-light.ts';
import { peopleOf } from '../rules/people.ts';

const tenth = (value: number) => Math.round(value * 10) / 10;
const thousandth = (value: number) => Math.round(value * 1000) / 1000;

/** Box as fractions of the picture. */
function boxOf(face: Face | undefined, { width, height }: Detection): Analysis['box'] {
  if (!face) return null;
  const [x, y, w, h] = face.box;
  return { x: thousandth(x / width), y: thousandth(y / height), w: thousandth(w / width), h: thousandth(h / height) };
}

export function analysisOf(
  frame: number,
  detection: Detection,
  { multipleFaces }: Pick<Policy, 'multipleFaces'>,
): Analysis {
  const { pose, gaze } = detection;
  const { main, others } = peopleOf(detection.faces, multipleFaces.minHeightRatio);
  return {
    frame,
    faces: detection.faces.length,
    pose: pose && { yaw: tenth(pose.yaw), pitch: tenth(pose.pitch), roll: tenth(pose.roll) },
    gaze: gaze && { yaw: tenth(gaze.yaw), pitch: tenth(gaze.pitch), confidence: tenth(gaze.confidence) },
    box: boxOf(main, detection),
    others: others.length,
    tooDark: isFaceDark(detection.faceLuma),
  };
}

/** Details of an incident that opens: the measurements, and the weights that made them. */
export function incidentDetails(
  detection: Detection,
  models: readonly LoadedModel[] | undefined,
): Record<string, unknown> {
  const { pose, luma, faceLuma } = detection;
  const light = ({ mean, deviation }: Detection['luma']) => ({ mean: tenth(mean), deviation: tenth(deviation) });
  return {
    faces: detection.faces.length,
    pose: pose && { yaw: tenth(pose.yaw), pitch: tenth(pose.pitch) },
    luma: light(luma),
    ...(faceLuma && { faceLuma: light(faceLuma) }),
    models: models?.map((model) => `${model.name}@${model.version}`) ?? [],
  };
}
