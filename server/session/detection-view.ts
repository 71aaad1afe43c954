import type { Detection, LoadedModel } from '../../models/jobs.ts';
import type { Analysis } from '../../protocol/down.ts';

const tenth = (value: number) => Math.round(value * 10) / 10;

export function analysisOf(frame: number, detection: Detection): Analysis {
  const { pose, gaze } = detection;
  return {
    frame,
    faces: detection.faces.length,
    pose: pose && { yaw: tenth(pose.yaw), pitch: tenth(pose.pitch), roll: tenth(pose.roll) },
    gaze: gaze && { yaw: tenth(gaze.yaw), pitch: tenth(gaze.pitch), confidence: tenth(gaze.confidence) },
  };
}

/** What is kept with an incident that opens: what was seen, and by which weights. */
export function incidentDetails(detection: Detection, models: readonly LoadedModel[] | undefined): Record<string, unknown> {
  const { pose, luma } = detection;
  return {
    faces: detection.faces.length,
    pose: pose && { yaw: tenth(pose.yaw), pitch: tenth(pose.pitch) },
    luma: { mean: tenth(luma.mean), deviation: tenth(luma.deviation) },
    models: models?.map((model) => `${model.name}@${model.version}`) ?? [],
  };
}
