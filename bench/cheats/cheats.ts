import { gaussian, type Random } from '../../simulator/draw/prng.ts';
import { type Posture } from '../../simulator/fixtures/sitting-person.ts';
import { blank, empty, hidden, joined, Person } from './person.ts';
import type { Cheat, Script, Second, Shot } from './script.ts';

/** Cheats last this long, seconds; long enough for loops of several minutes to come round. */
export const CHEAT_SECONDS = 900;

const people = new Map<number, Person>();

/** The one who sits there, until and beside the cheating. */
function person(seed: number): Person {
  let one = people.get(seed);
  if (!one) people.set(seed, (one = new Person(seed, CHEAT_SECONDS + 1, 0.5 + (seed % 5) * 0.15)));
  return one;
}

/** Honest for so many seconds, which suffice for the calibration, then something else. */
const after = (from: number, seed: number, then: Script): Script => {
  return (second, random) => (second < from ? { frame: person(seed).shot(second, random) } : then(second, random));
};

const shot = (of: (second: number, random: Random) => Shot | undefined): Script => {
  return (second, random): Second => ({ frame: of(second, random) });
};

/** Changes of the person's frames. */
const changed =
  (
    seed: number,
    change: (detection: ReturnType<Person['seen']>, second: number, random: Random) => Shot['detection'],
  ) =>
  (second: number, random: Random): Second => ({
    frame: { detection: change(person(seed).seen(second, random), second, random) },
  });

/** Away for some seconds of each period. */
const inTurns = (away: number, period: number, second: number) => Math.floor(second) % period < away;

const looking = (seed: number, at: Partial<Posture>): Script =>
  shot((second, random) => person(seed).shot(second, random, at));

const still = (seed: number, random: Random, noise: Partial<Posture> = {}): Shot => {
  const posture = person(seed).posture(1);
  return person(seed).shot(1, random, {
    ...noise,
    yaw: posture.yaw + gaussian(random) * 0.05,
    pitch: posture.pitch + gaussian(random) * 0.05,
  });
};

/** A short video of the student, played again and again; frames do not hit the same instants. */
const loop = (seed: number, seconds: number): Script => {
  const clip = new Person(seed + 100, seconds, 1.3);
  return shot((second, random) => clip.shot(second % seconds, random));
};

/** Bytes of frames that come again. */
const bytes = (seed: number, frames: number): Script => {
  const kept: Shot[] = [];
  return shot((second, random) => {
    const n = Math.floor(second) % frames;
    return (kept[n] ??= { ...person(seed).shot(second, random), digest: n * 7919 + 13 });
  });
};

const signals =
  (type: string, every: number, lasted = 0): Script =>
  (second, random) => ({
    frame: person(90).shot(second, random),
    ...(Math.floor(second) % every === 0 && { signals: [{ type, ...(lasted > 0 && { lasted }) }] }),
  });

/** Each is an event of its kind; seeds are their places in the list. */
const CHEATS: readonly (readonly [
  name: string,
  shows: readonly string[],
  script: (seed: number) => Script,
  from?: number,
])[] = [
  ['one still JPEG', ['REPEATED_PICTURE', 'FROZEN_VIDEO'], (s) => bytes(s, 1)],
  ['a still with fresh noise in each frame', ['STILL_PICTURE'], (s) => shot((_, random) => still(s, random))],
  [
    'a still moved by hand',
    ['STILL_PICTURE'],
    (s) => {
      const hand = new Person(s + 200, CHEAT_SECONDS, 2);
      return shot((second, random) => {
        const { x, y, size, roll } = hand.posture(second);
        return still(s, random, { x, y, size, roll });
      });
    },
  ],
  [
    'a still after two honest minutes',
    ['STILL_PICTURE'],
    (s) =>
      after(
        120,
        s,
        shot((_, random) => still(s, random)),
      ),
    120,
  ],
  ['two stills in turns', ['REPEATED_PICTURE'], (s) => bytes(s, 2)],
  ['a loop of 12 frames', ['REPEATED_PICTURE'], (s) => bytes(s, 12)],
  ['a loop of 40 frames', ['REPEATED_PICTURE'], (s) => bytes(s, 40)],
  ['a video of 6 s in a loop, re-encoded', ['LOOPED_VIDEO'], (s) => loop(s, 6.3)],
  ['a video of 15 s in a loop, re-encoded', ['LOOPED_VIDEO'], (s) => loop(s, 15.4)],
  ['a video of a minute in a loop, re-encoded', ['LOOPED_VIDEO'], (s) => loop(s, 61.7)],
  [
    'pictures of 64 pixels',
    ['SMALL_PICTURE'],
    (s) =>
      changed(s, (seen) => ({
        ...seen,
        width: 64,
        height: 48,
        faces: seen.faces.map((face) => ({ ...face, box: [22, 14, 16, 20] as const })),
      })),
  ],
  [
    'a frame every 9 s',
    ['FEW_FRAMES'],
    (s) => (second, random) => (Math.floor(second) % 9 === 0 ? { frame: person(s).shot(second, random), more: 0 } : {}),
  ],
  [
    'a frame every 6 s, after honest minutes',
    ['FEW_FRAMES'],
    (s) =>
      after(120, s, (second, random) =>
        Math.floor(second) % 6 === 0 ? { frame: person(s).shot(second, random), more: 0 } : {},
      ),
    120,
  ],
  ['connected, and not one frame', ['NO_FRAME_RECEIVED'], () => () => ({})],
  ['no more frames after two minutes', ['NO_FRAME_RECEIVED'], (s) => after(120, s, () => ({})), 120],
  [
    'the camera is pulled out',
    ['CAMERA_UNAVAILABLE', 'NO_FRAME_RECEIVED'],
    (s) => after(60, s, (second) => (Math.floor(second) === 60 ? { signals: [{ type: 'CAMERA_UNAVAILABLE' }] } : {})),
    60,
  ],
  ['frames that are no JPEG', ['INVALID_IMAGE'], (s) => after(60, s, () => ({ broken: true })), 60],
  [
    'every other frame is no JPEG',
    ['INVALID_IMAGE'],
    (s) =>
      after(60, s, (second, random) =>
        Math.floor(second) % 2 ? { broken: true } : { frame: person(s).shot(second, random) },
      ),
    60,
  ],
  ['an empty room all the time', ['NO_FACE'], (s) => changed(s, (seen) => empty(seen))],
  [
    'absent from the third minute',
    ['NO_FACE'],
    (s) =>
      after(
        180,
        s,
        changed(s, (seen) => empty(seen)),
      ),
    180,
  ],
  [
    'absent 2 s, there 1 s, for ever',
    ['NO_FACE'],
    (s) => changed(s, (seen, second) => (inTurns(2, 3, second) ? empty(seen) : seen)),
  ],
  [
    'absent half of the time',
    ['NO_FACE'],
    (s) => changed(s, (seen, second) => (inTurns(2, 4, second) ? empty(seen) : seen)),
  ],
  ['absent 3 s of 8', ['NO_FACE'], (s) => changed(s, (seen, second) => (inTurns(3, 7, second) ? empty(seen) : seen))],
  [
    'absent, with black frames in between',
    ['NO_FACE', 'CAMERA_COVERED'],
    (s) => changed(s, (seen, second) => (Math.floor(second) % 2 ? blank(seen, 2, 1) : empty(seen))),
  ],
  ['looks away all the time', ['LOOKING_AWAY'], (s) => after(15, s, looking(s, { yaw: 42 })), 15],
  [
    'looks away 2 s, back 1 s, for ever',
    ['LOOKING_AWAY'],
    (s) =>
      after(15, s, (second, random) => ({
        frame: person(s).shot(second, random, inTurns(2, 3, second) ? { yaw: -38 } : {}),
      })),
    15,
  ],
  [
    'looks down half of the time',
    ['LOOKING_AWAY'],
    (s) =>
      after(15, s, (second, random) => ({
        frame: person(s).shot(second, random, inTurns(2, 4, second) ? { pitch: -34 } : {}),
      })),
    15,
  ],
  [
    'only the eyes go to a second screen',
    ['LOOKING_AWAY'],
    (s) =>
      after(15, s, (second, random) => ({
        frame: person(s).shot(second, random, inTurns(3, 5, second) ? { gazeYaw: 40 } : {}),
      })),
    15,
  ],
  ['turned aside from the first second', ['TURNED_AT_START', 'LOOKING_AWAY'], (s) => looking(s, { yaw: 22 })],
  ['a covered camera all the time', ['CAMERA_COVERED'], (s) => changed(s, (seen) => blank(seen, 4, 1))],
  ['covered by something light', ['CAMERA_COVERED'], (s) => changed(s, (seen) => blank(seen, 190, 2))],
  [
    'covered every other 5 s',
    ['CAMERA_COVERED'],
    (s) => changed(s, (seen, second) => (inTurns(5, 10, second) ? blank(seen, 4, 1) : seen)),
  ],
  ['a lens smeared until no direction is known', ['FACE_UNCLEAR'], (s) => changed(s, (seen) => hidden(seen))],
  [
    'a face far away',
    ['FACE_UNCLEAR'],
    (s) =>
      changed(s, (seen) => ({
        ...seen,
        faces: seen.faces.map((face) => ({ ...face, box: [310, 210, 22, 28] as const })),
      })),
  ],
  ['a picture turned by 90 degrees', ['FACE_UNCLEAR'], (s) => looking(s, { roll: 86 })],
  [
    'a second person all the time',
    ['MULTIPLE_FACES'],
    (s) =>
      after(
        30,
        s,
        changed(s, (seen) => joined(seen)),
      ),
    30,
  ],
  [
    'a second person every third second',
    ['MULTIPLE_FACES'],
    (s) =>
      after(
        30,
        s,
        changed(s, (seen, second) => (inTurns(2, 6, second) ? joined(seen, 0.6) : seen)),
      ),
    30,
  ],
  [
    'socket and posts in turns',
    ['TWO_SOURCES'],
    (s) => (second, random) => ({
      frame: { ...person(s).shot(second, random), via: Math.floor(second) % 2 ? 'post' : 'socket' },
    }),
  ],
  [
    'two cameras in turns',
    ['TWO_SOURCES'],
    (s) => changed(s, (seen, second) => (Math.floor(second) % 3 ? seen : { ...seen, height: 360 })),
  ],
  [
    'another room in mid-exam',
    ['CAMERA_CHANGED'],
    (s) =>
      after(
        120,
        s,
        changed(s, (seen) => ({ ...seen, print: seen.print.map((value, i) => (value + 40 + ((i * 71) % 90)) % 220) })),
      ),
    120,
  ],
  [
    'a gap of 90 s every four minutes',
    ['CONNECTION_LOST'],
    (s) => (second, random) => ({ connected: Math.floor(second) % 240 < 150, frame: person(s).shot(second, random) }),
    150,
  ],
  [
    'ten short gaps',
    ['CONNECTION_LOST'],
    (s) => (second, random) => ({ connected: Math.floor(second) % 30 < 20, frame: person(s).shot(second, random) }),
    20,
  ],
  ['another tab for 20 s of each minute', ['TAB_SWITCH'], () => signals('TAB_SWITCH', 60, 20), 40],
  ['another window for 15 s, twice a minute', ['WINDOW_BLUR'], () => signals('WINDOW_BLUR', 30, 15), 15],
  ['a paste every 20 s', ['PASTE'], () => signals('PASTE', 20), 20],
];

export const cheats: readonly Cheat[] = CHEATS.map(([name, shows, script, from = 1], seed) => ({
  name,
  seed,
  shows,
  from,
  script: script(seed + 1),
}));
