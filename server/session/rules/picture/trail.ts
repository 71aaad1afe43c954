import type { Detection, Face } from '../../../../models/jobs.ts';

/**
 * The last minutes of one camera's pictures, a few bytes each: enough to see that they stand still, come again or go
 * round.
 *
 * Angles and places are stored modulo 256 units and compared as signed differences (`difference`), so that a byte
 * resolves a quarter of a degree and half a pixel of 640.
 */
export const DENSE = { samples: 36, bytes: 10, everyMs: 900 } as const;
/** Every so many dense samples one is kept for long, so that the sparse ones go back ten minutes. */
export const SPARSE = { samples: 80, bytes: 7, every: 7 } as const;
/** Times are stored as tenths of a second since the sample before, up to this many. */
const MAX_STEP = 255;
const STEP_MS = 100;

const DENSE_BYTES = DENSE.samples * DENSE.bytes;
export const TRAIL_BYTES = DENSE_BYTES + SPARSE.samples * SPARSE.bytes;

/** Offsets within a sample. The first seven are the same in both rings. */
export const FIELD = {
  step: 0,
  yaw: 1,
  pitch: 2,
  roll: 3,
  x: 4,
  y: 5,
  size: 6,
  gazeYaw: 7,
  gazePitch: 8,
  open: 9,
} as const;
/** Eyes are known from this confidence on. */
const MIN_CONFIDENCE = 0.6;
/** Value of `open` where the eyes are not known. */
export const NO_EYES = 255;

/** Units per degree, per width of the picture, and per whole openness. */
export const UNITS = { pose: 4, gaze: 4, place: 1280, open: 200 } as const;

export interface Trail {
  /** Both rings; `follow` writes to them. */
  readonly bytes: Uint8Array;
  /** Samples so far, of all time. */
  readonly count: number;
  /** When the last sample was taken, server ms. */
  readonly at: number;
  /** The same of the last sparse sample. */
  readonly sparse: number;
  readonly sparseAt: number;
}

export interface Ring {
  /** Samples held, oldest first. */
  readonly length: number;
  /** Index of the sample's first byte. */
  start(index: number): number;
}

export function ring(trail: Trail, kind: 'dense' | 'sparse'): Ring {
  const { samples, bytes } = kind === 'dense' ? DENSE : SPARSE;
  const total = kind === 'dense' ? trail.count : trail.sparse;
  const base = kind === 'dense' ? 0 : DENSE_BYTES;
  const first = Math.max(0, total - samples);
  return { length: total - first, start: (index) => base + ((first + index) % samples) * bytes };
}

/** Seconds from the last sample back to each, newest 0, oldest first. */
export function agesOf(trail: Trail, kind: 'dense' | 'sparse'): readonly number[] {
  const samples = ring(trail, kind);
  // Not a typed array: those have a buffer outside the heap, which costs more than the numbers.
  const ages: number[] = [];
  let age = 0;
  for (let i = samples.length - 1; i >= 0; i--) {
    ages.push(age);
    age += (trail.bytes[samples.start(i) + FIELD.step]! * STEP_MS) / 1000;
  }
  return ages.toReversed();
}

/** Signed difference of two bytes that count modulo 256. */
export const difference = (a: number, b: number): number => ((a - b) << 24) >> 24;

/** Adds a picture with a face, unless the last sample is recent. Others leave the trail as it is. */
export function follow(trail: Trail, detection: Detection, main: Face, at: number): Trail {
  if (!detection.pose || (trail.count > 0 && at - trail.at < DENSE.everyMs)) return trail;
  const { bytes } = trail;
  const index = (trail.count % DENSE.samples) * DENSE.bytes;
  write(bytes, index, detection, main, stepFrom(trail.count === 0 ? at : trail.at, at));
  const next = { ...trail, count: trail.count + 1, at };
  if (trail.count % SPARSE.every !== 0) return next;
  const sparse = DENSE_BYTES + (trail.sparse % SPARSE.samples) * SPARSE.bytes;
  bytes.copyWithin(sparse, index, index + SPARSE.bytes);
  bytes[sparse + FIELD.step] = stepFrom(trail.sparse === 0 ? at : trail.sparseAt, at);
  return { ...next, sparse: trail.sparse + 1, sparseAt: at };
}

const stepFrom = (from: number, at: number): number =>
  Math.min(MAX_STEP, Math.max(0, Math.round((at - from) / STEP_MS)));

function write(bytes: Uint8Array, at: number, detection: Detection, { box }: Face, step: number): void {
  const { pose, gaze, open, width } = detection;
  const place = UNITS.place / width;
  bytes[at + FIELD.step] = step;
  // Stored modulo 256.
  bytes[at + FIELD.yaw] = Math.round(pose!.yaw * UNITS.pose);
  bytes[at + FIELD.pitch] = Math.round(pose!.pitch * UNITS.pose);
  bytes[at + FIELD.roll] = Math.round(pose!.roll * UNITS.pose);
  bytes[at + FIELD.x] = Math.round((box[0] + box[2] / 2) * place);
  bytes[at + FIELD.y] = Math.round((box[1] + box[3] / 2) * place);
  bytes[at + FIELD.size] = Math.round(box[3] * place);
  bytes[at + FIELD.gazeYaw] = gaze ? Math.round(gaze.yaw * UNITS.gaze) : 0;
  bytes[at + FIELD.gazePitch] = gaze ? Math.round(gaze.pitch * UNITS.gaze) : 0;
  bytes[at + FIELD.open] =
    gaze && gaze.confidence >= MIN_CONFIDENCE && open ? Math.round(((open[0] + open[1]) / 2) * UNITS.open) : NO_EYES;
}
