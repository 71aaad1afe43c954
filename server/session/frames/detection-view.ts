import type { Detection, LoadedModel } from '../../../models/jobs.ts';
import type { Analysis } from '../../../protocol/down.ts';

const tenth = (value: number) => Math.round(value * 10) / 10;
const thousandth = (value: number) => Math.round(value * 1000) / 1000;

/** Box of the largest face, as fractions of the picture. */
function boxOf({ faces, width, height }: Detection): Analysis['box'] {
  const [largest] = faces.toSorted((a, b) => b.box[2] * b.box[3] - a.box[2] * a.box[3]);
  if (!largest) return null;
  const [x, y, w, h] = largest.box;
  return { x: thousandth(x / width), y: thousandth(y / height), w: thousandth(w / width), h: thousandth(h / height) };
}

export function analysisOf(frame: number, detection: Detection): Analysis {
  const { pose, gaze } = detection;
  return {
    frame,
    faces: detection.faces.length,
    pose: pose && { yaw: tenth(pose.yaw), pitch: tenth(pose.pitch), roll: tenth(pose.roll) },
    gaze: gaze && { yaw: tenth(gaze.yaw), pitch: tenth(gaze.pitch), confidence: tenth(gaze.confidence) },
    box: boxOf(detection),
  };
}

/** Details of an incident that opens: the measurements, and the weights that made them. */
export function incidentDetails(
  detection: Detection,
  models: readonly LoadedModel[] | undefined,
): Record<string, unknown> {
  const { pose, luma } = detection;
  return {
    faces: detection.faces.length,
    pose: pose && { yaw: tenth(pose.yaw), pitch: tenth(pose.pitch) },
    luma: { mean: tenth(luma.mean), deviation: tenth(luma.deviation) },
    models: models?.map((model) => `${model.name}@${model.version}`) ?? [],
  };
}
