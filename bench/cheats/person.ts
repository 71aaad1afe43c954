import type { Detection } from '../../models/jobs.ts';
import type { Random } from '../../simulator/draw/prng.ts';
import { type Posture, postureAt, seenAs, sittingPerson } from '../../simulator/fixtures/sitting-person.ts';
import type { Shot } from './script.ts';

/** Somebody at a webcam: the models' answers by second. */
export class Person {
  readonly #postures: readonly Posture[];

  /** @param liveliness 1: lively; 0.4: sits very still */
  constructor(seed: number, seconds: number, liveliness = 1) {
    this.#postures = sittingPerson(seed, seconds, liveliness);
  }

  posture(second: number): Posture {
    return postureAt(this.#postures, second);
  }

  seen(second: number, random: Random, changed: Partial<Posture> = {}): Detection {
    return seenAs({ ...this.posture(second), ...changed }, random);
  }

  shot(second: number, random: Random, changed: Partial<Posture> = {}): Shot {
    return { detection: this.seen(second, random, changed) };
  }
}

/** The same picture without anybody. */
export const empty = (seen: Detection): Detection => ({
  ...seen,
  faces: [],
  pose: null,
  gaze: null,
  open: null,
  visibility: null,
  faceLuma: null,
});

/** A hand or cup in front of the face: found, its direction unknown. */
export const hidden = (seen: Detection): Detection => ({ ...seen, pose: null, gaze: null, open: null });

/** Nothing but darkness, or one colour. */
export const blank = (seen: Detection, mean: number, deviation: number): Detection => ({
  ...empty(seen),
  luma: { mean, deviation },
  print: Uint8Array.from(seen.print, (value, i) => Math.max(0, Math.min(255, mean + ((value + i) % 3) - 1))),
});

/** A further face beside the student. @param size of the first one's height */
export const joined = (seen: Detection, size = 0.8): Detection => {
  const [face] = seen.faces;
  if (!face) return seen;
  const [x, y, width, height] = face.box;
  return {
    ...seen,
    faces: [face, { ...face, score: 0.8, box: [x - width * 1.4, y, width * size, height * size] }],
  };
};
