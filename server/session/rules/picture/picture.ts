import type { Detection, Face } from '../../../../models/jobs.ts';
import type { Policy } from '../../../../protocol/policy.ts';
import type { Reading } from '../conditions.ts';
import { whyUnclear } from './clear-face.ts';
import { isLoop, type Loops, NO_LOOPS, scan } from './loops.ts';
import { isRepetition, NO_REPEATS, repeat, type Repeats } from './repeats.ts';
import { type Scene, watchScene } from './scene.ts';
import { areTwo, NO_SOURCES, type Shape, type Sources, takeShape } from './sources.ts';
import { isStill } from './still.ts';
import { follow, NO_TRAIL, type Trail } from './trail.ts';

/** Memory of the pictures of one session, some 2.8 KiB (`npm run bench -- rules`). */
export interface PictureState {
  readonly trail: Trail;
  readonly repeats: Repeats;
  readonly loops: Loops;
  readonly sources: Sources;
  readonly twoSources: boolean;
  readonly looped: boolean;
  readonly scene: Scene | undefined;
}

export const NO_PICTURES: PictureState = {
  trail: NO_TRAIL,
  repeats: NO_REPEATS,
  loops: NO_LOOPS,
  sources: NO_SOURCES,
  twoSources: false,
  looped: false,
  scene: undefined,
};

/** After a gap another camera may follow. The view and the digests stay: a video may go on, and the room should. */
export const afterGap = ({ repeats, scene }: PictureState): PictureState => ({ ...NO_PICTURES, repeats, scene });

/** A picture that can be judged, and what is known besides its detection. */
export interface Picture {
  readonly detection: Detection;
  readonly main: Face | undefined;
  /** Of its bytes; undefined where they are not at hand. */
  readonly digest: number | undefined;
  readonly via: Shape['via'];
  /** The same picture as the one before: `FROZEN_VIDEO` is about that. */
  readonly isFrozen: boolean;
  /** Print of the picture before. */
  readonly before: Uint8Array | undefined;
  readonly at: number;
}

/** Conditions of one picture that only a comparison with others shows. */
export interface PictureConditions {
  readonly repeated: Reading;
  readonly still: Reading;
  readonly looped: Reading;
  readonly small: Reading;
  readonly twoSources: Reading;
  readonly unclear: Reading;
  readonly changed: 'view' | 'proportions' | undefined;
}

/** The longer side under this share of the width asked for: a slow uplink sends a quarter, a plain camera a half. */
const SMALL = 0.22;

const when = (seen: boolean): Reading => (seen ? 1 : undefined);

export function watchPicture(
  policy: Policy['frames'],
  state: PictureState,
  { detection, main, digest, via, isFrozen, before, at }: Picture,
): { state: PictureState; seen: PictureConditions } {
  const repeats =
    digest === undefined || isFrozen
      ? { state: state.repeats, repeated: undefined }
      : repeat(state.repeats, digest, at);
  const trail = main && !isFrozen ? follow(state.trail, detection, main, at) : state.trail;
  const isSample = trail !== state.trail;
  const loops = isSample ? scan(trail, state.loops) : undefined;
  const looped = loops === undefined ? state.looped : isLoop(loops, state.looped);
  const sources = takeShape(state.sources, detection, via, at);
  const twoSources = areTwo(sources, state.twoSources);
  const { scene, changed } = watchScene(state.scene, detection, before, at);
  const still = isSample ? isStill(trail) : undefined;
  return {
    state: { trail, repeats: repeats.state, loops: loops ?? state.loops, sources, twoSources, looped, scene },
    seen: {
      repeated: repeats.repeated === undefined ? 'unknown' : when(isRepetition(repeats.state)),
      still: still === undefined ? 'unknown' : when(still),
      looped: loops === undefined ? 'unknown' : when(looped),
      small: when(Math.max(detection.width, detection.height) < SMALL * policy.maxWidth),
      twoSources: when(twoSources),
      unclear: main ? when(whyUnclear(detection, main) !== undefined) : 'unknown',
      changed,
    },
  };
}
