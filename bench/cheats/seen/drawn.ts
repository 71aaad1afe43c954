import { drawFrame } from '../../../simulator/draw/frame.ts';
import type { Posture as DrawnPosture } from '../../../simulator/draw/person.ts';
import { type Random, seeded } from '../../../simulator/draw/prng.ts';
import { createScene, type Scene } from '../../../simulator/draw/scene.ts';
import type { Posture } from '../../../simulator/fixtures/sitting-person.ts';
import { bySecond, type Habit, HABITS, plan } from '../honest.ts';
import { Person } from '../person.ts';
import type { SeenSitting } from './script.ts';

/** Eyes look down at a screen below the camera. */
const SCREEN_PITCH = -4;

/** A drawn person who sits in a drawn room. */
export class DrawnPerson {
  readonly scene: Scene;
  readonly #person: Person;
  #frame = 0;

  constructor(seed: number, seconds: number, liveliness = 0.8) {
    this.scene = createScene(seed);
    this.#person = new Person(seed * 31 + 7, seconds + 1, liveliness);
  }

  posture(second: number, changed: Partial<Posture> = {}): DrawnPosture {
    const { seat } = this.scene;
    const { yaw, pitch, roll, x, y, size, gazeYaw, gazePitch, open } = { ...this.#person.posture(second), ...changed };
    return {
      yaw,
      pitch,
      roll,
      gazeYaw,
      gazePitch: gazePitch + SCREEN_PITCH,
      open: Math.max(0, Math.min(1, open * 1.2)),
      x: seat.x + x,
      y: seat.y + y,
      size: seat.size + size,
    };
  }

  /** Changes of the posture come from where the person is at that time. */
  at(second: number): Posture {
    return this.#person.posture(second);
  }

  draw(people: readonly DrawnPosture[], covered = false): Buffer {
    return drawFrame(this.scene, { people, covered, frame: this.#frame++ });
  }

  picture(second: number, changed: Partial<Posture> = {}): Buffer {
    return this.draw([this.posture(second, changed)]);
  }
}

/** Somebody far behind, as a share of the student's size. */
const PASSER = 0.28;

/** An honest drawn sitting: the habits of the simulated ones, as far as they can be drawn. */
export function honestDrawn(seed: number, seconds: number): SeenSitting {
  const random: Random = seeded(seed * 7919 + 1);
  const restless = 0.5 + random() * 1.3;
  const person = new DrawnPerson(seed, seconds, 0.4 + random() * 0.4);
  const stretches = bySecond(plan(random, seconds, HABITS, restless));
  return {
    name: `honest ${seed}`,
    seed,
    script: (second) => {
      const now = (stretches.get(Math.floor(second)) ?? []).filter(({ from, to }) => second >= from && second < to);
      const is = (does: Habit['does']) => now.find((one) => one.does === does);
      const { yaw, pitch } = person.at(second);
      const [glance, down, up] = [is('glance'), is('down'), is('up')];
      const changed: Partial<Posture> = {
        ...(glance && { yaw: yaw + glance.how * 45, gazeYaw: glance.how * 20 }),
        ...(down && { pitch: pitch - 22 + down.how * 8, gazePitch: -12 }),
        ...(up && { pitch: pitch + 20 + up.how * 10, gazePitch: 15 }),
      };
      const { guestSeat, seat } = person.scene;
      const passer = { ...person.posture(second), ...guestSeat, size: seat.size * PASSER, yaw: 20 };
      const self = is('lean') ? [] : [person.posture(second, changed)];
      return { picture: person.draw(is('passer') ? [...self, passer] : self) };
    },
  };
}
