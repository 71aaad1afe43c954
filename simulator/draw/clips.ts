import { drawFrame } from './frame.ts';
import type { Posture } from './person.ts';
import { between, mixSeed, seeded, type Random } from './prng.ts';
import type { Scene } from './scene.ts';

/** The last three: the head turned as asked, to a side as the student sees it. */
export const CLIP_NAMES = [
  'attentive',
  'away',
  'down',
  'second',
  'empty',
  'covered',
  'turn-left',
  'turn-right',
  'turn-up',
] as const;
export type ClipName = (typeof CLIP_NAMES)[number];
/** Frames of one behaviour, all different; play them in a loop. */
export type Clips = Readonly<Record<ClipName, readonly Buffer[]>>;

const FRAMES = 8;

/** Small involuntary movements: a sway of the body, a nod, a wandering eye. */
function restless(random: Random, scene: Scene, frame: number): Posture {
  const phase = (frame / FRAMES) * 2 * Math.PI;
  return {
    yaw: 3 * Math.sin(phase) + between(random, -1.5, 1.5),
    pitch: -1 + 2 * Math.cos(phase * 2) + between(random, -1, 1),
    roll: between(random, -2.5, 2.5),
    gazeYaw: between(random, -7, 7),
    gazePitch: between(random, -8, 2),
    x: scene.seat.x + 5 * Math.sin(phase + 1) + between(random, -1.5, 1.5),
    y: scene.seat.y + 3 * Math.cos(phase) + between(random, -1, 1),
    size: scene.seat.size * between(random, 0.985, 1.015),
  };
}

/** Content of one frame of a clip; the postures are the ground truth of measurements. */
export function clipContent(scene: Scene, name: ClipName, frame: number): Parameters<typeof drawFrame>[1] {
  const random = seeded(mixSeed(scene.seed, 0xc119, CLIP_NAMES.indexOf(name), frame));
  const side = scene.guestSeat.x > scene.seat.x ? 1 : -1;
  const self = restless(random, scene, frame);
  const number = CLIP_NAMES.indexOf(name) * FRAMES + frame;
  switch (name) {
    case 'attentive':
      return { people: [self], frame: number };
    case 'away':
      return { people: [{ ...self, yaw: side * between(random, 38, 46), gazeYaw: side * 10 }], frame: number };
    case 'down':
      return { people: [{ ...self, pitch: between(random, -39, -36), gazePitch: -16 }], frame: number };
    case 'second': {
      const guest = { ...restless(random, scene, frame + 3), ...scene.guestSeat, yaw: -side * between(random, 2, 10) };
      return { people: [self, guest], frame: number };
    }
    case 'empty':
      return { people: [], frame: number };
    case 'covered':
      return { people: [], covered: true, frame: number };
    // The student's left is the picture's right.
    case 'turn-left':
      return { people: [{ ...self, yaw: between(random, 33, 37) }], frame: number };
    case 'turn-right':
      return { people: [{ ...self, yaw: -between(random, 33, 37) }], frame: number };
    case 'turn-up':
      return { people: [{ ...self, pitch: between(random, 27, 30) }], frame: number };
  }
}

const drawn = new WeakMap<Scene, Clips>();

/** The scene's clips, each drawn on first use and cached as long as the scene. */
export function clips(scene: Scene): Clips {
  let set = drawn.get(scene);
  if (set === undefined) {
    const made: Partial<Record<ClipName, readonly Buffer[]>> = {};
    const lazy = {};
    for (const name of CLIP_NAMES) {
      Object.defineProperty(lazy, name, {
        enumerable: true,
        get: () =>
          (made[name] ??= Array.from({ length: FRAMES }, (_, frame) =>
            drawFrame(scene, clipContent(scene, name, frame)),
          )),
      });
    }
    set = lazy as Clips;
    drawn.set(scene, set);
  }
  return set;
}
