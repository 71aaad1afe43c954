import { largest } from '../../../models/boxes.ts';
import type { Face } from '../../../models/jobs.ts';

export interface People {
  /** The student: the largest face, whose pose and light are measured. */
  readonly main: Face | undefined;
  /** Further faces that count as people, best score first. */
  readonly others: readonly Face[];
}

/**
 * The one rule of who counts in a picture, for incidents, calibration, and hints to the student. A face that is much
 * smaller than the student's is a poster, a photo, or somebody far away: it counts for nothing.
 * @param minHeightRatio of the policy's `multipleFaces`
 */
export function peopleOf(faces: readonly Face[], minHeightRatio: number): People {
  const main = largest(faces);
  if (!main) return { main, others: [] };
  return { main, others: faces.filter((face) => face !== main && face.box[3] >= minHeightRatio * main.box[3]) };
}
