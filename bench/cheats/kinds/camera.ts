import { blank, hidden } from '../person.ts';
import type { Second } from '../script.ts';
import { after, changed, inTurns, type Kind, looking, person, reconnecting, varied } from './kind.ts';

/** The room of another camera. */
const otherRoom = (print: Uint8Array, mirrored = false) =>
  mirrored
    ? print.map((_, i) => print[i - (i % 16) + 15 - (i % 16)]!)
    : print.map((value, i) => (value + 40 + ((i * 71) % 90)) % 220);

export const CAMERA: readonly Kind[] = [
  ...varied(
    [
      [4, 1, 'dark'],
      [190, 2, 'light'],
      [110, 4, 'a ceiling'],
    ] as const,
    ([mean, deviation, what]) => ({
      name: `covered all the time: ${what}`,
      shows: ['CAMERA_COVERED'],
      script: (s) => changed(s, (seen) => blank(seen, mean, deviation)),
    }),
  ),
  ...varied(
    [
      [5, 10],
      [2, 5],
      [2, 8],
    ] as const,
    ([some, period]) => ({
      name: `covered ${some} s of ${period}`,
      shows: ['CAMERA_COVERED'],
      script: (s) => changed(s, (seen, second) => (inTurns(some, period, second) ? blank(seen, 4, 1) : seen)),
      noticed: some * 3 > period ? 'soon' : 'late',
    }),
  ),
  {
    name: 'a lens smeared until no direction is known',
    shows: ['FACE_UNCLEAR'],
    script: (s) => changed(s, (seen) => hidden(seen)),
  },
  {
    name: 'a smeared lens, on connections of 10 s',
    shows: ['FACE_UNCLEAR'],
    script: (s) =>
      reconnecting(
        10,
        2,
        changed(s, (seen) => hidden(seen)),
      ),
  },
  ...varied(
    [
      ['a face far away', [310, 210, 22, 28]],
      ['half of the face outside the picture', [-110, 140, 200, 240]],
      ['the chin and no more', [240, 350, 160, 200]],
    ] as const,
    ([name, box]) => ({
      name,
      shows: ['FACE_UNCLEAR'],
      script: (s) => changed(s, (seen) => ({ ...seen, faces: seen.faces.map((face) => ({ ...face, box })) })),
    }),
  ),
  ...varied(
    [
      ['a room so dark that the face has no contrast', 14, 4],
      ['an overexposed face', 251, 3],
    ] as const,
    ([name, mean, deviation]) => ({
      name,
      shows: ['FACE_UNCLEAR'],
      script: (s) => changed(s, (seen) => ({ ...seen, faceLuma: { mean, deviation } })),
    }),
  ),
  ...varied([86, 178], (roll) => ({
    name: `a picture turned by ${roll} degrees`,
    shows: ['FACE_UNCLEAR'],
    script: (s) => looking(s, { roll }),
  })),
  ...varied([64, 120], (width) => ({
    name: `pictures of ${width} pixels`,
    shows: ['SMALL_PICTURE'],
    script: (s) =>
      changed(s, (seen) => ({
        ...seen,
        width,
        height: (width * 3) / 4,
        faces: seen.faces.map((face) => ({
          ...face,
          box: [width * 0.35, width * 0.22, width * 0.25, width * 0.31] as const,
        })),
      })),
  })),
  ...varied([6, 9], (every) => ({
    name: `a frame every ${every} s`,
    shows: ['FEW_FRAMES'],
    script: (s) => (second, random) =>
      Math.floor(second) % every === 0 ? { frame: person(s).shot(second, random), more: 0 } : {},
  })),
  {
    name: 'a frame every 6 s, after honest minutes',
    shows: ['FEW_FRAMES'],
    script: (s) =>
      after(120, s, (second, random) =>
        Math.floor(second) % 6 === 0 ? { frame: person(s).shot(second, random), more: 0 } : {},
      ),
    from: 120,
  },
  {
    name: 'one frame on each connection of 9 s',
    shows: ['FEW_FRAMES'],
    script: (s) =>
      reconnecting(9, 1, (second, random) =>
        Math.floor(second) % 10 === 0 ? { frame: person(s).shot(second, random), more: 0 } : {},
      ),
    noticed: 'late',
  },
  {
    name: 'no frames for 4 s of 6',
    shows: ['FEW_FRAMES'],
    script: (s) => (second, random) => (inTurns(2, 6, second) ? { frame: person(s).shot(second, random) } : {}),
  },
  { name: 'connected, and not one frame', shows: ['NO_FRAME_RECEIVED'], script: () => () => ({}) },
  {
    name: 'not one frame, on connections of 8 s',
    shows: ['NO_FRAME_RECEIVED'],
    script: () => reconnecting(8, 1, () => ({})),
  },
  {
    name: 'no more frames after two minutes',
    shows: ['NO_FRAME_RECEIVED'],
    script: (s) => after(120, s, () => ({})),
    from: 120,
  },
  {
    name: 'the camera is pulled out',
    shows: ['CAMERA_UNAVAILABLE', 'NO_FRAME_RECEIVED'],
    script: (s) =>
      after(60, s, (second) => (Math.floor(second) === 60 ? { signals: [{ type: 'CAMERA_UNAVAILABLE' }] } : {})),
    from: 60,
  },
  ...varied([1, 2], (every) => ({
    name: every === 1 ? 'frames that are no JPEG' : 'every other frame is no JPEG',
    shows: ['INVALID_IMAGE'],
    script: (s) =>
      after(60, s, (second, random): Second =>
        Math.floor(second) % every === 0 ? { broken: true } : { frame: person(s).shot(second, random) },
      ),
    from: 60,
  })),
  {
    name: 'socket and posts in turns',
    shows: ['TWO_SOURCES'],
    script: (s) => (second, random) => ({
      frame: { ...person(s).shot(second, random), via: Math.floor(second) % 2 ? 'post' : 'socket' },
    }),
  },
  ...varied([3, 8], (period) => ({
    name: `two cameras of other proportions in turns of ${period} s`,
    shows: ['TWO_SOURCES'],
    script: (s) => changed(s, (seen, second) => (inTurns(1, period, second) ? { ...seen, height: 360 } : seen)),
    noticed: period > 5 ? 'late' : 'soon',
  })),
  ...varied([false, true], (mirrored) => ({
    name: mirrored ? 'mirrored pictures in mid-exam' : 'the camera of another room in mid-exam',
    shows: ['CAMERA_CHANGED'],
    script: (s) =>
      after(
        120,
        s,
        changed(s, (seen) => ({ ...seen, print: otherRoom(seen.print, mirrored) })),
      ),
    from: 120,
  })),
  {
    name: 'the camera of another room after a gap of 10 s',
    shows: ['CAMERA_CHANGED'],
    script: (s) => (second, random) => {
      const { detection } = person(s).shot(second, random);
      const frame = { detection: second < 120 ? detection : { ...detection, print: otherRoom(detection.print) } };
      return { frame, connected: second < 110 || second >= 120 };
    },
    from: 120,
  },
];
