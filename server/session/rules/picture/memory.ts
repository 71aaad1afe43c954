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

/** A copy, unpacked. Its arrays are views of one new buffer, which the next picture is written to. */
export interface Pictures {
  readonly trail: Trail;
  readonly repeats: Repeats;
  readonly loops: Loops;
  readonly looped: boolean;
  readonly sources: Sources;
  readonly twoSources: boolean;
  readonly scene: Scene | undefined;
}

const PRINT_BYTES = 192;
const NUMBERS = 26;

// Aligned for their views.
const DIGESTS_AT = NUMBERS * 8;
const TIMES_AT = DIGESTS_AT + DIGESTS * 4;
const TRAIL_AT = TIMES_AT + DIGESTS * 2;
const PRINT_AT = TRAIL_AT + TRAIL_BYTES;
const BYTES = PRINT_AT + PRINT_BYTES;

/** 0: none. The sign says how it came. */
const codeOf = (shape: Shape | undefined): number => (shape ? (shape.via === 'post' ? -1 : 1) * shape.aspect : 0);

const shapeOf = (code: number): Shape | undefined =>
  code === 0 ? undefined : { via: code < 0 ? 'post' : 'socket', aspect: Math.abs(code) };

/** Ends the work on a copy. */
export function pack({ trail, repeats, loops, looped, sources, twoSources, scene }: Pictures): PictureMemory {
  const { buffer } = trail.bytes;
  new Float64Array(buffer, 0, NUMBERS).set([
    trail.count,
    trail.at,
    trail.sparse,
    trail.sparseAt,
    repeats.count,
    repeats.sampled,
    repeats.lag,
    repeats.run,
    repeats.runSince,
    repeats.anyMs,
    repeats.last ? 1 : 0,
    repeats.last?.at ?? 0,
    Number(repeats.last?.repeated ?? false),
    loops.short,
    loops.long,
    loops.lag,
    Number(looped),
    codeOf(sources.current),
    codeOf(sources.other),
    sources.returns,
    sources.at,
    Number(twoSources),
    scene ? 1 : 0,
    scene?.aspect ?? 0,
    scene?.since ?? 0,
    scene?.others ?? 0,
  ]);
  const bytes = new Uint8Array(buffer);
  // Another view than before.
  if (scene && scene.pixels.buffer !== buffer) bytes.set(scene.pixels.subarray(0, PRINT_BYTES), PRINT_AT);
  return bytes;
}

export function unpack(memory: PictureMemory): Pictures {
  const { buffer } = memory.length === 0 ? new Uint8Array(BYTES) : memory.slice();
  const numbers = new Float64Array(buffer, 0, NUMBERS);
  let next = 0;
  const number = () => numbers[next++]!;
  const flag = () => number() !== 0;
  // In the order of `pack`.
  const trail: Trail = {
    bytes: new Uint8Array(buffer, TRAIL_AT, TRAIL_BYTES),
    count: number(),
    at: number(),
    sparse: number(),
    sparseAt: number(),
  };
  const run = { count: number(), sampled: number(), lag: number(), run: number(), runSince: number(), anyMs: number() };
  const hasLast = flag();
  const last = { at: number(), repeated: flag() };
  const repeats: Repeats = {
    ...run,
    digests: new Uint32Array(buffer, DIGESTS_AT, DIGESTS),
    times: new Uint16Array(buffer, TIMES_AT, DIGESTS),
    last: hasLast ? last : undefined,
  };
  const loops: Loops = { short: number(), long: number(), lag: number() };
  const looped = flag();
  const sources: Sources = { current: shapeOf(number()), other: shapeOf(number()), returns: number(), at: number() };
  const twoSources = flag();
  const hasScene = flag();
  const view = { aspect: number(), since: number(), others: number() };
  const scene: Scene | undefined = hasScene
    ? { pixels: new Uint8Array(buffer, PRINT_AT, PRINT_BYTES), ...view }
    : undefined;
  return { trail, repeats, loops, looped, sources, twoSources, scene };
}

/** Only what was sent is remembered, not what it showed. */
export function withoutView(memory: PictureMemory): PictureMemory {
  const { repeats } = unpack(memory);
  const nothing = unpack(NO_PICTURES);
  nothing.repeats.digests.set(repeats.digests);
  nothing.repeats.times.set(repeats.times);
  return pack({ ...nothing, repeats });
}
