import type { Detection, Face } from '../../../../models/jobs.ts';
import type { Policy } from '../../../../protocol/policy.ts';
import type { Reading } from '../conditions.ts';
import { isSamePicture } from '../frozen-picture.ts';
import { whyUnclear } from './clear-face.ts';
import { isLoop, scan } from './loops.ts';
import { pack, type PictureMemory, unpack, WORK } from './memory.ts';
import { isRepetition, repeat } from './repeats.ts';
import { watchScene } from './scene.ts';
import { areTwo, type Shape, takeShape } from './sources.ts';
import { areEyesFixed, fixedFor, isStill } from './still.ts';
import { agesOf, follow } from './trail.ts';

/** A picture that can be judged, and what is known besides its detection. */
export interface Picture {
  readonly detection: Detection;
  readonly main: Face | undefined;
  /** Of its bytes; undefined where they are not at hand. */
  readonly digest: number | undefined;
  readonly via: Shape['via'];
  /** Whether it follows the picture before: not after a gap. */
  readonly follows: boolean;
  readonly at: number;
}

/** Conditions of one picture that only a comparison with others shows. */
export interface PictureConditions {
  /** The same picture as the one before. */
  readonly frozen: Reading;
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
  memory: PictureMemory,
  { detection, main, digest, via, follows, at }: Picture,
): { memory: PictureMemory; seen: PictureConditions } {
  const known = unpack(memory, WORK);
  const isFrozen = follows && isSamePicture(known.last, detection.print);
  const repeats =
    digest === undefined || isFrozen
      ? { state: known.repeats, repeated: undefined }
      : repeat(known.repeats, digest, at);
  const trail = main && !isFrozen ? follow(known.trail, detection, main, at) : known.trail;
  const isSample = trail !== known.trail;
  const ages = isSample ? agesOf(trail, 'dense') : undefined;
  const loops = ages ? scan(trail, ages, known.loops) : undefined;
  const looped = loops === undefined ? known.looped : isLoop(loops, known.looped);
  const sources = takeShape(known.sources, detection, via, at);
  const twoSources = areTwo(sources, known.twoSources);
  const { scene, changed } = watchScene(known.scene, detection, follows ? known.last : undefined, at);
  known.last.set(detection.print.subarray(0, known.last.length));
  const fixedMs = ages ? fixedFor(trail, ages, known.fixedMs, at - known.trail.at) : known.fixedMs;
  const still = ages ? areEyesFixed(fixedMs) || isStill(trail, ages) : undefined;
  return {
    memory: pack(
      {
        trail,
        repeats: repeats.state,
        loops: loops ?? known.loops,
        sources,
        twoSources,
        looped,
        fixedMs,
        scene,
      },
      WORK,
    ),
    seen: {
      frozen: when(isFrozen),
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
