import type { Random } from '../../../simulator/draw/prng.ts';
import { type Posture, postureAt, sittingPerson } from '../../../simulator/fixtures/sitting-person.ts';
import { Person } from '../person.ts';
import type { Script, Shot } from '../script.ts';
import { after, CHEAT_SECONDS, type Kind, person, reconnecting, shot, still, varied } from './kind.ts';

/** Bytes of frames that come again. */
export const bytes = (seed: number, frames: number): Script => {
  const kept: Shot[] = [];
  return shot((second, random) => {
    const n = Math.floor(second) % frames;
    return (kept[n] ??= { ...person(seed).shot(second, random), digest: n * 7919 + 13 });
  });
};

/** Second of a clip that is shown at a time of the sitting. */
type Order = (second: number, length: number) => number;
const round: Order = (second, length) => second % length;
/** Forwards, then backwards. */
const boomerang: Order = (second, length) => {
  const at = second % (2 * length);
  return at < length ? at : Math.max(0, 2 * length - at - 0.05);
};

type Disturbed = (posture: Posture, second: number, random: Random) => Partial<Posture>;

/** A short video of the student, played again and again; frames do not hit the same instants. */
export const loop = (
  seed: number,
  seconds: number,
  { order = round, disturbed = () => ({}) }: { readonly order?: Order; readonly disturbed?: Disturbed } = {},
): Script => {
  const clip = new Person(seed + 100, seconds, 1.3);
  return shot((second, random) => {
    const at = order(second, seconds);
    return clip.shot(at, random, disturbed(clip.posture(at), second, random));
  });
};

/** Each frame is cropped somewhere else: its place and size jitter by so many pixels. */
const cropped =
  (pixels: number): Disturbed =>
  ({ x, y, size }, _, random) => ({
    x: x + (random() * 2 - 1) * pixels,
    y: y + (random() * 2 - 1) * pixels,
    size: size + (random() * 2 - 1) * pixels,
  });

/** The crop wanders slowly, and the picture is turned with it. */
const wandering: Disturbed = ({ x, y, roll }, second) => ({
  x: x + 25 * Math.sin(second / 17),
  y: y + 15 * Math.sin(second / 23),
  roll: roll + 4 * Math.sin(second / 29),
});

/** A photograph that somebody holds: its place and tilt are those of a hand. @param tilts degrees that its direction seems to change by */
const held = (seed: number, tilts: number): Script => {
  const hand = sittingPerson(seed + 200, CHEAT_SECONDS, 2);
  return shot((second, random) => {
    const { x, y, size, roll, yaw, pitch } = postureAt(hand, second);
    return still(seed, random, { x, y, size, roll, yaw: (yaw / 6) * tilts, pitch: (pitch / 6) * tilts });
  });
};

const noisyStill = (seed: number): Script => shot((_, random) => still(seed, random));

/** Two clips: which one is shown in each span of time. */
const twoClips = (seed: number, lengths: readonly [number, number], first: (span: number) => boolean): Script => {
  const clips = lengths.map((length, i) => new Person(seed + 300 + i, length, 1.3));
  const span = Math.max(...lengths);
  return shot((second, random) => {
    const which = first(Math.floor(second / span)) ? 0 : 1;
    return clips[which]!.shot((second % span) % lengths[which], random);
  });
};

export const REPLAYS: readonly Kind[] = [
  { name: 'one still JPEG', shows: ['REPEATED_PICTURE', 'FROZEN_VIDEO'], script: (s) => bytes(s, 1) },
  { name: 'a still with fresh noise in each frame', shows: ['STILL_PICTURE'], script: noisyStill },
  ...varied([40, 120], (from) => ({
    name: `a still after ${from} honest seconds`,
    shows: ['STILL_PICTURE'],
    script: (s) => after(from, s, noisyStill(s)),
    from,
  })),
  ...varied([0, 2], (tilts) => ({
    name: tilts === 0 ? 'a still moved by hand' : `a printed photo, held and tilted by ${tilts} degrees`,
    shows: ['STILL_PICTURE'],
    script: (s) => held(s, tilts),
    noticed: tilts === 0 ? 'soon' : 'late',
  })),
  {
    name: 'a still, a frame every 2.5 s',
    shows: ['STILL_PICTURE'],
    script: (s) => (second, random) => (Math.floor(second * 2) % 5 < 2 ? { frame: still(s, random), more: 0 } : {}),
    noticed: 'late',
  },
  ...varied([2, 12, 40], (frames) => ({
    name: `a loop of ${frames} frames, byte for byte`,
    shows: ['REPEATED_PICTURE'],
    script: (s) => bytes(s, frames),
    noticed: frames > 15 ? 'late' : 'soon',
  })),
  ...varied([6.3, 9.1, 15.4, 33.2, 61.7, 118.4], (seconds) => ({
    name: `a video of ${seconds} s in a loop, re-encoded`,
    shows: ['LOOPED_VIDEO'],
    script: (s) => loop(s, seconds),
    noticed: 'late',
  })),
  ...varied([5.2, 14.6], (seconds) => ({
    name: `a video of ${seconds} s, forwards and backwards`,
    shows: ['LOOPED_VIDEO'],
    script: (s) => loop(s, seconds, { order: boomerang }),
    noticed: 'late',
  })),
  {
    name: 'a video of 12 s in a loop at a third of its speed',
    shows: ['LOOPED_VIDEO'],
    script: (s) => loop(s, 12, { order: (second, length) => (second / 3) % length }),
    noticed: 'late',
  },
  ...varied([3, 8], (pixels) => ({
    name: `a video of 11 s in a loop, each frame cropped elsewhere by ${pixels} pixels`,
    shows: ['LOOPED_VIDEO'],
    script: (s) => loop(s, 11, { disturbed: cropped(pixels) }),
    noticed: 'late',
  })),
  {
    name: 'a video of 13 s in a loop, slowly moved and turned',
    shows: ['LOOPED_VIDEO'],
    script: (s) => loop(s, 13, { disturbed: wandering }),
    noticed: 'late',
  },
  {
    name: 'a video of 10 s in a loop, darker and lighter',
    shows: ['LOOPED_VIDEO'],
    script: (s) => (second, random) => {
      const { frame } = loop(s, 10)(second, random);
      const light = 1 + 0.4 * Math.sin(second / 19);
      const { detection } = frame!;
      const print = detection.print.map((value) => Math.min(255, value * light));
      return { frame: { detection: { ...detection, print, luma: { mean: 120 * light, deviation: 50 * light } } } };
    },
    noticed: 'late',
  },
  {
    name: 'two videos of 7 s in turns',
    shows: ['LOOPED_VIDEO'],
    script: (s) => twoClips(s, [7, 7], (span) => span % 2 === 0),
    noticed: 'late',
  },
  ...varied([6, 20], (on) => ({
    name: `a still with fresh noise, on connections of ${on} s`,
    shows: ['STILL_PICTURE'],
    script: (s) => reconnecting(on, 2, noisyStill(s)),
    noticed: 'late',
  })),
  ...varied([10, 20], (on) => ({
    name: `a video of 8 s in a loop, on connections of ${on} s`,
    shows: ['LOOPED_VIDEO'],
    script: (s) => reconnecting(on, 2, loop(s, 8.3)),
    noticed: 'late',
  })),
  {
    name: 'a loop of 12 frames, byte for byte, on connections of 10 s',
    shows: ['REPEATED_PICTURE'],
    script: (s) => reconnecting(10, 2, bytes(s, 12)),
    noticed: 'late',
  },
];
