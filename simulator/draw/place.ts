import { HEAD_HEIGHT } from './head-shape.ts';
import { type HeadAngles, type Rotation, rotation } from './rotation.ts';

/** Pixels per centimetre at 1 cm: a webcam of about 52 degrees across 640 pixels. */
export const FOCAL = 660;
/** The head turns around the top of the neck. */
export const PIVOT = [0, -6.5, -2.5] as const;
/**
 * Degrees added to every pitch: corrects the sculpted head to the level of the canonical face mesh used to train pose
 * networks, whose forward axis runs lower through the face.
 */
const LEVEL = 5;

/** Position and rotation of a head; see `Posture`. */
interface HeadPlace extends HeadAngles {
  readonly x: number;
  readonly y: number;
  readonly size: number;
}

export const headRotation = ({ yaw, pitch, roll }: HeadAngles): Rotation =>
  rotation({ yaw, pitch: pitch + LEVEL, roll });

/** Distance from the camera at which a head is `size` pixels high, centimetres. */
export const cameraDistance = (size: number): number => (FOCAL * HEAD_HEIGHT) / size;

/** Picture coordinates of a point of the head, given in centimetres in the head's axes. */
export function project(point: readonly [number, number, number], place: HeadPlace): readonly [x: number, y: number] {
  const r = headRotation(place);
  const [dx, dy, dz] = [point[0] - PIVOT[0], point[1] - PIVOT[1], point[2] - PIVOT[2]];
  const x = PIVOT[0] + r[0] * dx + r[1] * dy + r[2] * dz;
  const y = PIVOT[1] + r[3] * dx + r[4] * dy + r[5] * dz;
  const z = PIVOT[2] + r[6] * dx + r[7] * dy + r[8] * dz;
  const scale = FOCAL / (cameraDistance(place.size) - z);
  return [place.x + x * scale, place.y - y * scale];
}
