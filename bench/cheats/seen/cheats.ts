import { sittingPerson } from '../../../simulator/fixtures/sitting-person.ts';
import { inTurns } from '../kinds/kind.ts';
import { DrawnPerson } from './drawn.ts';
import { blurred, decoded, encoded, exposed, held, type Hold, mirrored, type Pixels, scaled } from './effects.ts';
import type { SeenCheat, SeenScript } from './script.ts';

/** Second from which on the student is calibrated. */
const CALIBRATED = 15;
/** Standard deviation of the noise of a camera that films a photograph, levels. */
const NOISE = 3;

const HAND = sittingPerson(200, 900, 2);
/** A hand's tremor and sway. @param tilts largest tilt, degrees */
export const hand = (second: number, tilts = 0): Hold => {
  const { x, y, roll, size, yaw } = HAND[Math.floor(second * 10) % HAND.length]!;
  return { x, y, roll, scale: 1 + size / 300, tilt: Math.max(-tilts, Math.min(tilts, (yaw * tilts) / 8)) };
};

/** A photograph before the camera. */
export const photo =
  (picture: () => Pixels, how: (second: number) => Hold | undefined): SeenScript =>
  (second, random) => {
    const hold = how(second);
    return { picture: encoded(hold ? held(picture(), hold) : picture(), NOISE, random) };
  };

const once = <T>(make: () => T): (() => T) => {
  let made: T | undefined;
  return () => (made ??= make());
};

type Made = readonly [
  name: string,
  shows: readonly string[],
  script: (person: DrawnPerson) => SeenScript,
  from?: number,
];

const effect =
  (of: (pixels: Pixels) => Pixels, from = 0) =>
  (person: DrawnPerson): SeenScript =>
  (second, random) => {
    const picture = person.picture(second);
    return { picture: second < from ? picture : encoded(of(decoded(picture)), 0, random) };
  };

const MADE: readonly Made[] = [
  [
    'one JPEG',
    ['FROZEN_VIDEO'],
    (person) => {
      const jpeg = once(() => person.picture(1));
      return () => ({ picture: jpeg() });
    },
  ],
  ['a still with fresh noise', ['STILL_PICTURE'], (person) => () => ({ picture: person.picture(1) })],
  [
    'a still with fresh noise, on connections of 20 s',
    ['STILL_PICTURE'],
    (person) => (second) => ({
      picture: person.picture(1),
      connected: Math.floor(second) % 22 < 20,
    }),
  ],
  [
    'a photo moved by hand',
    ['STILL_PICTURE'],
    (person) =>
      photo(
        once(() => decoded(person.picture(1))),
        (second) => hand(second),
      ),
  ],
  [
    'a printed photo, tilted by up to 12 degrees',
    ['STILL_PICTURE'],
    (person) =>
      photo(
        once(() => decoded(person.picture(1))),
        (second) => hand(second, 12),
      ),
  ],
  [
    'a loop of 12 frames',
    ['REPEATED_PICTURE'],
    (person) => {
      const frames = once(() => Array.from({ length: 12 }, (_, i) => person.picture(i * 3)));
      return (second) => ({ picture: frames()[Math.floor(second) % 12] });
    },
  ],
  [
    'a video of 9.1 s in a loop',
    ['LOOPED_VIDEO'],
    (person) => (second) => ({ picture: person.picture(20 + (second % 9.1)) }),
  ],
  [
    'the same, cropped elsewhere in each frame',
    ['LOOPED_VIDEO'],
    (person) => (second, random) => ({
      picture: encoded(
        held(decoded(person.picture(20 + (second % 9.1))), {
          x: random() * 12 - 6,
          y: random() * 12 - 6,
          roll: 0,
          scale: 1.05,
          tilt: 0,
        }),
        0,
        random,
      ),
    }),
  ],
  ['an empty room', ['NO_FACE'], (person) => () => ({ picture: person.draw([]) })],
  [
    'absent 2 s of 4',
    ['NO_FACE'],
    (person) => (second) => ({
      picture: inTurns(2, 4, second) ? person.draw([]) : person.picture(second),
    }),
  ],
  [
    'absent 2 s of 7',
    ['NO_FACE'],
    (person) => (second) => ({
      picture: inTurns(2, 7, second) ? person.draw([]) : person.picture(second),
    }),
  ],
  [
    'looks aside all the time',
    ['LOOKING_AWAY'],
    (person) => (second) => ({
      picture: person.picture(second, second < CALIBRATED ? {} : { yaw: 42 }),
    }),
    CALIBRATED,
  ],
  [
    'looks down 2 s of 4',
    ['LOOKING_AWAY'],
    (person) => (second) => ({
      picture: person.picture(
        second,
        second < CALIBRATED || !inTurns(2, 4, second) ? {} : { pitch: -36, gazePitch: -14 },
      ),
    }),
    CALIBRATED,
  ],
  [
    'turned aside from the first second',
    ['TURNED_AT_START', 'LOOKING_AWAY'],
    (person) => (second) => ({
      picture: person.picture(second, { yaw: 22 }),
    }),
  ],
  ['a covered lens', ['CAMERA_COVERED'], (person) => () => ({ picture: person.draw([], true) })],
  ['a smeared lens', ['FACE_UNCLEAR', 'NO_FACE', 'CAMERA_COVERED'], effect((pixels) => blurred(pixels, 14))],
  ['overexposed', ['FACE_UNCLEAR', 'NO_FACE', 'CAMERA_COVERED'], effect((pixels) => exposed(pixels, 1, 190))],
  ['a very dark room', ['FACE_UNCLEAR', 'NO_FACE', 'CAMERA_COVERED'], effect((pixels) => exposed(pixels, 0.06))],
  [
    'upside down',
    ['FACE_UNCLEAR', 'NO_FACE'],
    effect((pixels) => held(pixels, { x: 0, y: 0, roll: 180, scale: 1, tilt: 0 })),
  ],
  [
    'half of the face outside',
    ['FACE_UNCLEAR', 'NO_FACE'],
    (person) => (second) => ({
      picture: person.picture(second, { x: -person.scene.seat.x - 10 }),
    }),
  ],
  [
    'a second person',
    ['MULTIPLE_FACES'],
    (person) => (second) => ({
      picture: person.draw([person.posture(second), { ...person.posture(second), ...person.scene.guestSeat, yaw: 5 }]),
    }),
  ],
  ['pictures of 96 pixels', ['SMALL_PICTURE'], effect((pixels) => scaled(pixels, 96))],
  [
    '64 pixels, enlarged',
    ['FACE_UNCLEAR', 'NO_FACE', 'STILL_PICTURE', 'SMALL_PICTURE'],
    effect((pixels) => scaled(scaled(pixels, 64), 640)),
  ],
  ['mirrored in mid-exam', ['CAMERA_CHANGED'], effect(mirrored, 60), 60],
  [
    'a frame every 6 s',
    ['FEW_FRAMES'],
    (person) => (second) => (Math.floor(second) % 6 === 0 ? { picture: person.picture(second), more: 0 } : {}),
  ],
];

/** Cheats as pictures. Each has a person and a room of its own. */
export function drawnCheats(seconds: number, firstSeed: number): SeenCheat[] {
  return MADE.map(([name, shows, script, from = 1], i) => {
    const seed = firstSeed + 500 + i;
    const person = once(() => new DrawnPerson(seed, seconds));
    const made = once(() => script(person()));
    return { name, shows, from, seed, script: (second, random) => made()(second, random) };
  });
}
