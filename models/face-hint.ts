import type { Face, Point } from './jobs.ts';
import { SCENE_CELLS } from './luma.ts';

/** Result of a detector run for later frames: position and appearance of the single face, and the rest of the image. */
export interface FaceHint {
  /** Size of the image, pixels. */
  readonly width: number;
  readonly height: number;
  readonly face: Face;
  /** Centres of the eyes as fractions of the square around the face (`squareAbout`), the eye at image left first. */
  readonly eyes: readonly [Point, Point];
  readonly visibility: number;
  /** Luma cells of the image: see `Light`. */
  readonly scene: Uint8Array;
}

/** Width, height, visibility, score, box, five landmarks, two eyes. */
const NUMBERS = 4 + 4 + 10 + 4;
const NUMBER_BYTES = NUMBERS * Float32Array.BYTES_PER_ELEMENT;
/** The main process stores a hint per session as opaque bytes. */
export const FACE_HINT_BYTES = NUMBER_BYTES + SCENE_CELLS;

export function encodeFaceHint({ width, height, face, eyes, visibility, scene }: FaceHint): Uint8Array {
  const bytes = new Uint8Array(FACE_HINT_BYTES);
  new Float32Array(bytes.buffer, 0, NUMBERS).set([
    width,
    height,
    visibility,
    face.score,
    ...face.box,
    ...face.landmarks.flat(),
    ...eyes.flat(),
  ]);
  bytes.set(scene, NUMBER_BYTES);
  return bytes;
}

/** @param bytes `FACE_HINT_BYTES` bytes from `encodeFaceHint` */
export function decodeFaceHint(bytes: Uint8Array): FaceHint {
  const numbers = new Float32Array(bytes.slice(0, NUMBER_BYTES).buffer);
  const point = (at: number): Point => [numbers[at]!, numbers[at + 1]!];
  return {
    width: numbers[0]!,
    height: numbers[1]!,
    visibility: numbers[2]!,
    face: {
      score: numbers[3]!,
      box: [numbers[4]!, numbers[5]!, numbers[6]!, numbers[7]!],
      landmarks: [point(8), point(10), point(12), point(14), point(16)],
    },
    eyes: [point(18), point(20)],
    scene: bytes.slice(NUMBER_BYTES),
  };
}
