import { difference, FIELD, NO_EYES, ring, type Ring, type Trail, UNITS } from './trail.ts';

/**
 * Standard deviations that a living person does not stay under for so long. Ten photographs with noise of 3 and of 8
 * levels in each frame show at most 0.43 degrees of pose, 0.5 of gaze, 0.02 of openness and 0.004 face heights of place
 * over 20 frames; people in video show 0.5 degrees and 0.01 face heights within 4 s already, and eyes that read move by
 * several degrees.
 */
const FLOOR = { pose: 0.5, gaze: 0.7, open: 0.025, place: 0.008 } as const;
/** Seconds of pictures that are judged: with known eyes, by head and place alone, and by the eyes of a head that moves. */
const WINDOW = { eyes: 20, head: 30, eyesAlone: 36 } as const;
/**
 * Of a photograph that is moved by hand the networks measure other angles in each frame. The eyes' variances of both
 * directions together, in square degrees, and the deviation of their openness: photographs of 640 pixels with clear eyes
 * stay below, people who read do not, and one blink in the window is more. Somebody who fixes a point turns the eyes
 * against the head's own movements.
 */
const FIXED = { gaze: 4, open: 0.055 } as const;
/** How long it must be so, beyond the window, ms: somebody may stare for a while, without a blink that a frame hits. */
const FIXED_MS = 60_000;
const MAX_FIXED_MS = 80_000;
/** Time without it counts so many times: a blink is in the window for long. */
const FIXED_LEAK = 2;
/** A longer interval between two pictures tells no more than this one, ms. */
const MAX_INTERVAL_MS = 3000;

/** Tilt, place and size: a hand that holds a photograph changes them. */
const HELD = [FIELD.roll, FIELD.x, FIELD.y, FIELD.size] as const;

/**
 * Whether the pictures of the last time are too still for a person. Undefined: there are too few to tell.
 *
 * With known eyes, pose, gaze and lids are judged, not the place: a photograph that is moved by hand is still, too. One
 * that is tilted seems to turn its head; but eyes that neither blink nor move against a head that does are no person's.
 */
export function isStill(trail: Trail, ages: readonly number[]): boolean | undefined {
  const samples = ring(trail, 'dense');
  const eyes = from(ages, WINDOW.eyes);
  if (eyes === undefined) return undefined;
  const seesEyes = shareWithEyes(trail, samples, eyes) >= MIN_EYES;
  const head = seesEyes ? eyes : from(ages, WINDOW.head);
  if (head === undefined) return undefined;
  const below = (first: number, field: number, limit: number, onlyEyes = false) =>
    deviationOf(trail, samples, first, field, onlyEyes) < limit;
  const isHeadStill = [FIELD.yaw, FIELD.pitch].every((field) => below(head, field, FLOOR.pose * UNITS.pose));
  if (seesEyes) {
    const first = isHeadStill ? eyes : from(ages, WINDOW.eyesAlone);
    if (first === undefined || shareWithEyes(trail, samples, first) < MIN_EYES) return false;
    return (
      [FIELD.gazeYaw, FIELD.gazePitch].every((field) => below(first, field, FLOOR.gaze * UNITS.gaze, true)) &&
      below(first, FIELD.open, FLOOR.open * UNITS.open, true)
    );
  }
  const height = trail.bytes[samples.start(samples.length - 1) + FIELD.size]!;
  return (
    isHeadStill &&
    HELD.every((field) =>
      below(head, field, field === FIELD.roll ? FLOOR.pose * UNITS.pose : Math.max(1, FLOOR.place * height)),
    )
  );
}

/**
 * Evidence of eyes that stay as they are, ms, after one more picture.
 * @param ages of the dense samples, s
 * @param before of the picture before, so many ms ago
 */
export function fixedFor(trail: Trail, ages: readonly number[], before: number, elapsedMs: number): number {
  const elapsed = Math.min(MAX_INTERVAL_MS, Math.max(0, elapsedMs));
  const change = hasFixedEyes(trail, ages) ? elapsed : -FIXED_LEAK * elapsed;
  return Math.max(0, Math.min(MAX_FIXED_MS, before + change));
}

/** Whether they have stayed as they are for longer than a person's do. */
export const areEyesFixed = (evidenceMs: number): boolean => evidenceMs >= FIXED_MS;

function hasFixedEyes(trail: Trail, ages: readonly number[]): boolean {
  const samples = ring(trail, 'dense');
  const first = from(ages, WINDOW.eyesAlone);
  if (first === undefined || shareWithEyes(trail, samples, first) < MIN_EYES) return false;
  const of = (field: number, unit: number) => deviationOf(trail, samples, first, field, true) / unit;
  if (of(FIELD.open, UNITS.open) >= FIXED.open) return false;
  return of(FIELD.gazeYaw, UNITS.gaze) ** 2 + of(FIELD.gazePitch, UNITS.gaze) ** 2 < FIXED.gaze;
}

/** Share of samples whose eyes are known from which on the eyes decide. */
const MIN_EYES = 0.7;
/** Samples that a window needs. At a lower rate than one every second and a half, and across gaps, it is longer. */
const MIN_SAMPLES_A_SECOND = 0.65;

/** Index of the first sample of a window of at least so many seconds and samples; undefined: they reach not so far back. */
function from(ages: readonly number[], seconds: number): number | undefined {
  const index = Math.min(
    ages.findLastIndex((age) => age >= seconds),
    ages.length - Math.ceil(seconds * MIN_SAMPLES_A_SECOND),
  );
  return index < 0 ? undefined : index;
}

function shareWithEyes(trail: Trail, samples: Ring, first: number): number {
  let known = 0;
  for (let i = first; i < samples.length; i++) known += Number(trail.bytes[samples.start(i) + FIELD.open] !== NO_EYES);
  return known / (samples.length - first);
}

function deviationOf(trail: Trail, samples: Ring, first: number, field: number, onlyEyes: boolean): number {
  const origin = trail.bytes[samples.start(samples.length - 1) + field]!;
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (let i = first; i < samples.length; i++) {
    const at = samples.start(i);
    if (onlyEyes && trail.bytes[at + FIELD.open] === NO_EYES) continue;
    const value = difference(trail.bytes[at + field]!, origin);
    count += 1;
    sum += value;
    squares += value * value;
  }
  if (count === 0) return Number.POSITIVE_INFINITY;
  const mean = sum / count;
  return Math.sqrt(Math.max(0, squares / count - mean * mean));
}
