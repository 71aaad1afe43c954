import type { Detection } from '../../models/jobs.ts';
import { seeded, type Random } from '../../simulator/draw/prng.ts';

/** What a camera sees of a person, ten times a second. */
export interface Posture {
  readonly yaw: number;
  readonly pitch: number;
  readonly roll: number;
  /** Pixels of 640, from where they sit. */
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly gazeYaw: number;
  readonly gazePitch: number;
  readonly open: number;
}

const PER_SECOND = 10;
/** Standard deviations of a lively reader's pose in degrees, and of place and size in pixels. */
const SPREAD = [3, 3, 2, 8, 5, 4];

export const gauss = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/**
 * A person who reads on a screen: slow drift, sway, postures that change every few minutes, glances aside of 1 to 2 s,
 * eyes that go along lines, and blinks. Ornstein-Uhlenbeck processes; their rates are guesses, on the quiet side.
 * @param liveliness 1: lively; 0.3: sits very still
 */
export function sittingPerson(seed: number, seconds: number, liveliness: number): Posture[] {
  const random = seeded(seed);
  const spread = SPREAD.map((one) => one * liveliness);
  const slow = spread.map(() => 0);
  const sway = spread.map(() => 0);
  const speed = spread.map(() => 0);
  let posture = spread.map(() => 0);
  let lineFrom = 0;
  let line = 3 + random() * 3;
  let glanceUntil = 0;
  let glance = 0;
  let nextGlance = 5 + random() * 40;
  let nextPosture = 60 + random() * 120;
  const step = 1 / PER_SECOND;
  return Array.from({ length: Math.ceil(seconds * PER_SECOND) }, (_, i) => {
    const at = i * step;
    if (at > nextGlance) {
      glanceUntil = at + 1 + random();
      glance = gauss(random) * 15;
      nextGlance = at + 6 + random() * 60;
    }
    if (at > nextPosture) {
      posture = spread.map((one) => gauss(random) * one * 2);
      nextPosture = at + 60 + random() * 200;
    }
    const now = spread.map((one, d) => {
      slow[d]! += (-slow[d]! / 30) * step + gauss(random) * Math.sqrt((2 * step) / 30) * one * 0.7;
      speed[d]! += (-speed[d]! - sway[d]!) * step + gauss(random) * one * 0.6 * Math.sqrt(step);
      sway[d]! += speed[d]! * step;
      return slow[d]! + sway[d]! + posture[d]!;
    });
    if (at >= lineFrom + line) {
      lineFrom = at;
      line = 2.5 + random() * 4;
    }
    const along = ((at - lineFrom) / line - 0.5) * 8;
    return {
      yaw: now[0]! + along * 0.2 + (at < glanceUntil ? glance : 0),
      pitch: now[1]!,
      roll: now[2]!,
      x: now[3]!,
      y: now[4]!,
      size: now[5]!,
      gazeYaw: along + gauss(random),
      gazePitch: gauss(random) * 1.5,
      open: random() < 0.05 ? 0.2 : 0.8 + gauss(random) * 0.02,
    };
  });
}

export const postureAt = (person: readonly Posture[], seconds: number): Posture =>
  person[Math.floor(seconds * PER_SECOND) % person.length]!;

/** The models' answer to a picture of that posture, with their noise in degrees and pixels. */
export function seenAs(
  { yaw, pitch, roll, x, y, size, gazeYaw, gazePitch, open }: Posture,
  random: Random,
  noise = 0.25,
  width = 640,
): Detection {
  const off = (scale = 1) => gauss(random) * noise * scale;
  const scale = width / 640;
  const height = (200 + size) * scale;
  const centre = [(320 + x) * scale, (240 + y) * scale] as const;
  const box = [
    centre[0] - height * 0.4 + off(),
    centre[1] - height / 2 + off(),
    height * 0.8,
    height + off(2),
  ] as const;
  const point = [centre[0], centre[1]] as const;
  return {
    width,
    height: (width * 3) / 4,
    faces: [{ box, score: 0.9, landmarks: [point, point, point, point, point] }],
    pose: { yaw: yaw + off(), pitch: pitch + off(), roll: roll + off(0.5) },
    gaze: { yaw: gazeYaw + off(), pitch: gazePitch + off(), confidence: 0.9 },
    visibility: 1,
    open: [open, open],
    luma: { mean: 120, deviation: 50 },
    faceLuma: { mean: 120, deviation: 30 },
    // A room that stays, with the noise of a sensor.
    print: Uint8Array.from({ length: 192 }, (_, i) => 60 + ((i * 37) % 130) + Math.round(random() * 6)),
    ms: { decode: 1, detect: 2, pose: 1 },
  };
}
