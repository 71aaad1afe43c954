import type { Random } from '../../../simulator/draw/prng.ts';
import { gaussian } from '../../../simulator/draw/prng.ts';
import type { Posture } from '../../../simulator/fixtures/sitting-person.ts';
import { Person } from '../person.ts';
import type { Cheat, Script, Second, Shot } from '../script.ts';

/** Cheats last this long, seconds; long enough for loops of several minutes to come round. */
export const CHEAT_SECONDS = 900;

/** A cheat in one of its variations. The seed is its place in the list. */
export interface Kind {
  readonly name: string;
  /** Event types of its kind: one of them must come. */
  readonly shows: readonly string[];
  readonly script: (seed: number) => Script;
  readonly from?: number;
  readonly noticed?: Cheat['noticed'];
}

/** One kind in several variations. */
export const varied = <V>(variations: readonly V[], kind: (variation: V) => Kind): Kind[] => variations.map(kind);

const people = new Map<number, Person>();

/** The one who sits there, until and beside the cheating. */
export function person(seed: number): Person {
  let one = people.get(seed);
  if (!one) people.set(seed, (one = new Person(seed, CHEAT_SECONDS + 1, 0.5 + (seed % 5) * 0.15)));
  return one;
}

/** Honest for so many seconds, which suffice for the calibration, then something else. */
export const after = (from: number, seed: number, then: Script): Script => {
  return (second, random) => (second < from ? { frame: person(seed).shot(second, random) } : then(second, random));
};

export const shot = (of: (second: number, random: Random) => Shot | undefined): Script => {
  return (second, random): Second => ({ frame: of(second, random) });
};

/** Changes of the person's frames. */
export const changed =
  (
    seed: number,
    change: (detection: ReturnType<Person['seen']>, second: number, random: Random) => Shot['detection'],
  ) =>
  (second: number, random: Random): Second => ({
    frame: { detection: change(person(seed).seen(second, random), second, random) },
  });

/** True for some seconds of each period. */
export const inTurns = (some: number, period: number, second: number) => Math.floor(second) % period < some;

export const looking = (seed: number, at: Partial<Posture>): Script =>
  shot((second, random) => person(seed).shot(second, random, at));

/** One photograph, with the noise of measuring it. */
export const still = (seed: number, random: Random, moved: Partial<Posture> = {}): Shot => {
  const posture = person(seed).posture(1);
  return person(seed).shot(1, random, {
    ...moved,
    yaw: (moved.yaw ?? 0) + posture.yaw + gaussian(random) * 0.05,
    pitch: (moved.pitch ?? 0) + posture.pitch + gaussian(random) * 0.05,
  });
};

/** A script on connections of so many seconds with gaps between them. */
export const reconnecting =
  (on: number, off: number, script: Script): Script =>
  (second, random) => ({ ...script(second, random), connected: Math.floor(second) % (on + off) < on });
