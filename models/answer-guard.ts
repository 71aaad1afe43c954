import {
  MAX_ANGLE,
  MAX_COORDINATE,
  MAX_FACES,
  MAX_MESSAGE,
  MAX_STEP_MS,
  PRINT_BYTES,
  FACE_HINT_BYTES,
} from './answer-limits.ts';
import type { Detection, JobFailure } from './jobs.ts';
import { FRAME_SIDES } from './jpeg-limits.ts';
import { WireViolation } from './wire-violation.ts';

/** A `ThreadAnswer` as it goes over the wire: bytes are base64. */
type WrittenDone = {
  readonly type: 'done';
  readonly job: number;
  readonly detection: Omit<Detection, 'print'> & { readonly print: string };
  readonly followed: boolean;
  readonly hint?: string;
};
export type WrittenAnswer =
  WrittenDone | { readonly type: 'failed'; readonly job: number; readonly failure: JobFailure };

type Fields = Readonly<Record<string, unknown>>;
type Check = (value: unknown) => boolean;

const MAX_JOB = 0xffff_ffff;
const CODES: readonly unknown[] = ['invalid_image', 'inference_failed'] satisfies JobFailure['code'][];
/**
 * Control and format characters and lone surrogates: they could forge log lines, reverse text, or be refused by the
 * database.
 */
export const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u;

/** An object with exactly these fields. */
function isRecord(value: unknown, checks: Readonly<Record<string, Check>>, optional?: string): value is Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  let found = 0;
  for (const name in checks) {
    if (Object.hasOwn(value, name)) {
      if (!checks[name]!((value as Fields)[name])) return false;
      found += 1;
    } else if (name !== optional) return false;
  }
  return Object.keys(value).length === found;
}

/** A number within the bounds, which excludes NaN. */
const within =
  (least: number, most: number): Check =>
  (value) =>
    typeof value === 'number' && value >= least && value <= most;
const whole =
  (least: number, most: number): Check =>
  (value) =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
const listOf =
  (length: number, check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.length === length && value.every(check);
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const record =
  (checks: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isRecord(value, checks);
/** Base64 of exactly this many bytes: an invalid character yields fewer. */
const base64 =
  (bytes: number): Check =>
  (value) =>
    typeof value === 'string' &&
    value.length === Math.ceil(bytes / 3) * 4 &&
    Buffer.from(value, 'base64').length === bytes;

const coordinate = within(-MAX_COORDINATE, MAX_COORDINATE);
const angle = within(-MAX_ANGLE, MAX_ANGLE);
const unit = within(0, 1);
const luma = within(0, 255);
const light = record({ mean: luma, deviation: luma });
const milliseconds = within(0, MAX_STEP_MS);
const side = whole(FRAME_SIDES.min, FRAME_SIDES.max);
const face = record({ box: listOf(4, coordinate), score: unit, landmarks: listOf(5, listOf(2, coordinate)) });

const detection = record({
  width: side,
  height: side,
  faces: (value) => Array.isArray(value) && value.length <= MAX_FACES && value.every(face),
  pose: orNull(record({ yaw: angle, pitch: angle, roll: angle })),
  gaze: orNull(record({ yaw: angle, pitch: angle, confidence: unit })),
  visibility: orNull(unit),
  sharpness: orNull(unit),
  open: orNull(listOf(2, unit)),
  luma: light,
  faceLuma: orNull(light),
  print: base64(PRINT_BYTES),
  ms: record({ decode: milliseconds, detect: milliseconds, pose: milliseconds }),
});

const message: Check = (value) => typeof value === 'string' && value.length <= MAX_MESSAGE && !UNPRINTABLE.test(value);
const job = whole(0, MAX_JOB);
const DONE = {
  type: (value: unknown) => value === 'done',
  job,
  detection,
  followed: (value: unknown) => typeof value === 'boolean',
  hint: base64(FACE_HINT_BYTES),
};
const FAILED = {
  type: (value: unknown) => value === 'failed',
  job,
  failure: record({ code: (value) => CODES.includes(value), message }),
};

/**
 * Validates a thread's answer: each field, its type, its range, and no additional field. The host may have been
 * compromised by an image, so its output is untrusted.
 * @throws WireViolation `bad_shape`
 */
export function checkAnswer(value: unknown): asserts value is WrittenAnswer {
  // Only the detector produces a hint, so a tracked face has none.
  const isDone = isRecord(value, DONE, 'hint') && !(value['followed'] === true && value['hint'] !== undefined);
  if (!isDone && !isRecord(value, FAILED)) throw new WireViolation('bad_shape', 'an answer has invalid fields');
}
