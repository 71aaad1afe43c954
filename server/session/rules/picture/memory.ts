import type { Loops } from './loops.ts';
import { DIGESTS, type Repeats } from './repeats.ts';
import type { Scene } from './scene.ts';
import type { Shape, Sources } from './sources.ts';
import { type Trail, TRAIL_BYTES } from './trail.ts';

/**
 * Memory of one session's pictures, in one buffer: an array of its own costs some 200 bytes besides its content, an
 * object some 100. It is never changed; each picture makes a new one. Empty before the first picture; zeros mean nothing.
 */
export type PictureMemory = Uint8Array;

export const NO_PICTURES: PictureMemory = new Uint8Array(0);

/** A copy, unpacked. Its arrays are views of one buffer, which the next picture is written to. */
export interface Pictures {
  /** Print of the last picture, written to with each; it says nothing after a gap. */
  readonly last: Uint8Array;
  readonly trail: Trail;
  readonly repeats: Repeats;
  readonly loops: Loops;
  readonly looped: boolean;
  /** Evidence of eyes that stay as they are, ms (`fixedFor`). */
  readonly fixedMs: number;
  readonly sources: Sources;
  readonly twoSources: boolean;
  readonly scene: Scene | undefined;
}

const PRINT_BYTES = 192;
const NUMBERS = 28;

// Aligned for their views.
const DIGESTS_AT = NUMBERS * 8;
const TIMES_AT = DIGESTS_AT + DIGESTS * 4;
const TRAIL_AT = TIMES_AT + DIGESTS * 2;
const PRINT_AT = TRAIL_AT + TRAIL_BYTES;
const LAST_AT = PRINT_AT + PRINT_BYTES;
const BYTES = LAST_AT + PRINT_BYTES;

/** A buffer to unpack to. */
interface Views {
  readonly bytes: Uint8Array;
  readonly numbers: Float64Array;
  readonly digests: Uint32Array;
  readonly times: Uint16Array;
  readonly trail: Uint8Array;
  /** Of the view. */
  readonly print: Uint8Array;
  /** Print of the last picture. */
  readonly last: Uint8Array;
}

function newViews(): Views {
  const bytes = new Uint8Array(BYTES);
  const { buffer } = bytes;
  return {
    bytes,
    numbers: new Float64Array(buffer, 0, NUMBERS),
    digests: new Uint32Array(buffer, DIGESTS_AT, DIGESTS),
    times: new Uint16Array(buffer, TIMES_AT, DIGESTS),
    trail: new Uint8Array(buffer, TRAIL_AT, TRAIL_BYTES),
    print: new Uint8Array(buffer, PRINT_AT, PRINT_BYTES),
    last: new Uint8Array(buffer, LAST_AT, PRINT_BYTES),
  };
}

/** For one picture at a time: what is unpacked to it is valid until the next. Views take longer to make than to fill. */
export const WORK: Views = newViews();

/** 0: none. The sign says how it came. */
const codeOf = (shape: Shape | undefined): number => (shape ? (shape.via === 'post' ? -1 : 1) * shape.aspect : 0);

const shapeOf = (code: number): Shape | undefined =>
  code === 0 ? undefined : { via: code < 0 ? 'post' : 'socket', aspect: Math.abs(code) };

/** Ends the work on a copy. */
export function pack(
  { trail, repeats, loops, looped, fixedMs, sources, twoSources, scene }: Omit<Pictures, 'last'>,
  { bytes, numbers, print }: Views,
): PictureMemory {
  let next = 0;
  const put = (value: number | boolean) => void (numbers[next++] = Number(value));
  put(trail.count);
  put(trail.at);
  put(trail.sparse);
  put(trail.sparseAt);
  put(repeats.count);
  put(repeats.sampled);
  put(repeats.lag);
  put(repeats.run);
  put(repeats.runSince);
  put(repeats.anyMs);
  put(repeats.last !== undefined);
  put(repeats.last?.at ?? 0);
  put(repeats.last?.repeated ?? false);
  put(loops.short);
  put(loops.long);
  put(loops.lag);
  put(looped);
  put(fixedMs);
  put(codeOf(sources.current));
  put(codeOf(sources.other));
  put(sources.returns);
  put(sources.at);
  put(twoSources);
  put(scene !== undefined);
  put(scene?.aspect ?? 0);
  put(scene?.since ?? 0);
  put(scene?.others ?? 0);
  put(scene?.followedAt ?? 0);
  // Another view than before.
  if (scene && scene.pixels !== print) print.set(scene.pixels.subarray(0, PRINT_BYTES));
  return bytes.slice();
}

/** @param views their contents are replaced */
export function unpack(memory: PictureMemory, views = newViews()): Pictures {
  if (memory.length === 0) views.bytes.fill(0);
  else views.bytes.set(memory);
  const { numbers, digests, times, print } = views;
  let next = 0;
  const number = () => numbers[next++]!;
  const flag = () => number() !== 0;
  // In the order of `pack`.
  const trail: Trail = {
    bytes: views.trail,
    count: number(),
    at: number(),
    sparse: number(),
    sparseAt: number(),
  };
  const run = { count: number(), sampled: number(), lag: number(), run: number(), runSince: number(), anyMs: number() };
  const hasLast = flag();
  const last = { at: number(), repeated: flag() };
  const repeats: Repeats = { ...run, digests, times, last: hasLast ? last : undefined };
  const loops: Loops = { short: number(), long: number(), lag: number() };
  const looped = flag();
  const fixedMs = number();
  const sources: Sources = { current: shapeOf(number()), other: shapeOf(number()), returns: number(), at: number() };
  const twoSources = flag();
  const hasScene = flag();
  const view = { aspect: number(), since: number(), others: number(), followedAt: number() };
  const scene: Scene | undefined = hasScene ? { pixels: print, ...view } : undefined;
  return { last: views.last, trail, repeats, loops, looped, fixedMs, sources, twoSources, scene };
}

/** Only what was sent is remembered, not what it showed. */
export function withoutView(memory: PictureMemory): PictureMemory {
  const { repeats } = unpack(memory);
  const views = newViews();
  const nothing = unpack(NO_PICTURES, views);
  views.digests.set(repeats.digests);
  views.times.set(repeats.times);
  return pack({ ...nothing, repeats }, views);
}
