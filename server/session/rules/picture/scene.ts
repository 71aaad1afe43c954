import type { Detection } from '../../../../models/jobs.ts';

/** The view that a camera has shown for some time. */
export interface Scene {
  readonly pixels: Uint8Array;
  readonly aspect: number;
  readonly since: number;
  /** Consecutive pictures of one other view. */
  readonly others: number;
  /** When the light of the room was last followed. */
  readonly followedAt: number;
}

/** Correlation of two prints of one view: a person moves, a lamp is switched on. */
const SAME_VIEW = 0.4;
const SAME_ASPECT = 0.06;
/** Pictures that another view must last. */
const OTHERS = 3;
/** A view that lasted less was none: the camera is being set up. */
const SETTLED_MS = 20_000;
/**
 * Daylight wanders, and at dusk the window is no longer the brightest part: the view that is kept follows this slowly,
 * by a share of the difference at a time, so that somebody who leans in for a while is not taken for the room.
 */
const FOLLOW = { everyMs: 10_000, share: 1 / 8 } as const;

/**
 * Whether the camera shows another view, or pictures of other proportions, than for the last 20 s or more.
 * @param before print of the picture before; undefined after a gap
 */
export function watchScene(
  scene: Scene | undefined,
  { print, width, height }: Detection,
  before: Uint8Array | undefined,
  at: number,
): { scene: Scene; changed: 'view' | 'proportions' | undefined } {
  const aspect = width / height;
  const fresh: Scene = { pixels: print, aspect, since: at, others: 0, followedAt: at };
  if (!scene) return { scene: fresh, changed: undefined };
  const isSameAspect = Math.abs(Math.log(aspect / scene.aspect)) < SAME_ASPECT;
  if (isSameAspect && correlation(print, scene.pixels) >= SAME_VIEW)
    return { scene: followed(scene, print, at), changed: undefined };
  // After a gap there is nothing to compare with, and it may well be the one from before.
  const lasts = before === undefined || correlation(print, before) >= SAME_VIEW;
  const others = lasts ? scene.others + 1 : 1;
  if (others < OTHERS) return { scene: { ...scene, others }, changed: undefined };
  const isSettled = at - scene.since >= SETTLED_MS;
  return { scene: fresh, changed: !isSettled ? undefined : isSameAspect ? 'view' : 'proportions' };
}

function followed(scene: Scene, print: Uint8Array, at: number): Scene {
  if (at - scene.followedAt < FOLLOW.everyMs) return scene.others === 0 ? scene : { ...scene, others: 0 };
  const pixels = scene.pixels.map((kept, i) => Math.round(kept + FOLLOW.share * ((print[i] ?? kept) - kept)));
  return { ...scene, pixels, others: 0, followedAt: at };
}

/** Pearson correlation, so that brightness and contrast do not matter; 1 for two featureless prints. */
function correlation(a: Uint8Array, b: Uint8Array): number {
  const n = Math.min(a.length, b.length);
  let sumA = 0;
  let sumB = 0;
  let squaresA = 0;
  let squaresB = 0;
  let products = 0;
  for (let i = 0; i < n; i++) {
    sumA += a[i]!;
    sumB += b[i]!;
    squaresA += a[i]! * a[i]!;
    squaresB += b[i]! * b[i]!;
    products += a[i]! * b[i]!;
  }
  const spread = (squaresA - (sumA * sumA) / n) * (squaresB - (sumB * sumB) / n);
  return spread <= 0 ? 1 : (products - (sumA * sumB) / n) / Math.sqrt(spread);
}
