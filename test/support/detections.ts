import type { Detection, Face, Gaze, Pose } from '../../models/jobs.ts';

/** A face of this height, with its centre at x. */
export function face(height = 200, score = 0.9, x = 320): Face {
  const at = (dx: number, dy: number) => [x + dx * height, 240 + dy * height] as const;
  return {
    box: [x - height * 0.4, 240 - height / 2, height * 0.8, height],
    score,
    landmarks: [at(-0.15, -0.1), at(0.15, -0.1), at(0, 0.05), at(-0.1, 0.2), at(0.1, 0.2)],
  };
}

export const pose = (yaw = 0, pitch = 0): Pose => ({ yaw, pitch, roll: 0 });

let prints = 0;

/** A picture that differs from every other one by more than noise. */
export function freshPrint(): Uint8Array {
  prints += 1;
  return Uint8Array.from({ length: 16 * 12 }, (_, i) => (i * 7 + prints * 31) % 256);
}

export interface Seen {
  readonly faces?: readonly Face[];
  readonly pose?: Pose | null;
  readonly gaze?: Gaze | null;
  readonly luma?: Detection['luma'];
  readonly print?: Uint8Array;
}

/** One student who sits straight in a lit room, unless something else is said. */
export function detection(seen: Seen = {}): Detection {
  const faces = seen.faces ?? [face()];
  return {
    width: 640,
    height: 480,
    faces,
    pose: seen.pose === undefined ? (faces.length > 0 ? pose() : null) : seen.pose,
    gaze: seen.gaze ?? null,
    visibility: faces.length > 0 ? 1 : null,
    open: faces.length > 0 ? [1, 1] : null,
    luma: seen.luma ?? { mean: 120, deviation: 50 },
    print: seen.print ?? freshPrint(),
    ms: { decode: 1, detect: 2, pose: 1 },
  };
}

export const STRAIGHT: Seen = {};
export const NOBODY: Seen = { faces: [] };
export const TWO_FACES: Seen = { faces: [face(200, 0.9, 200), face(150, 0.8, 450)] };
export const AWAY: Seen = { pose: pose(40) };
/** As a detector may still see a face in the dark. */
export const COVERED: Seen = { luma: { mean: 5, deviation: 2 } };
