import { blank, empty, hidden, joined } from '../person.ts';
import { after, changed, inTurns, type Kind, looking, person, reconnecting, varied } from './kind.ts';

/** Second from which on the student is calibrated. */
const CALIBRATED = 15;

export const PRESENCE: readonly Kind[] = [
  { name: 'an empty room all the time', shows: ['NO_FACE'], script: (s) => changed(s, (seen) => empty(seen)) },
  ...varied([60, 180], (from) => ({
    name: `absent from second ${from}`,
    shows: ['NO_FACE'],
    script: (s) =>
      after(
        from,
        s,
        changed(s, (seen) => empty(seen)),
      ),
    from,
  })),
  ...varied(
    [
      [2, 3],
      [2, 4],
      [3, 7],
      [2, 7],
      [2, 9],
      [1, 5],
    ] as const,
    ([away, period]) => ({
      name: `absent ${away} s of ${period}`,
      shows: ['NO_FACE'],
      script: (s) => changed(s, (seen, second) => (inTurns(away, period, second) ? empty(seen) : seen)),
      noticed: away * 3 > period ? 'soon' : 'late',
    }),
  ),
  {
    name: 'absent 2 s of each connection of 6 s',
    shows: ['NO_FACE', 'CONNECTION_LOST'],
    script: (s) =>
      reconnecting(
        6,
        1,
        changed(s, (seen, second) => (Math.floor(second) % 7 > 3 ? empty(seen) : seen)),
      ),
    noticed: 'late',
  },
  {
    name: 'absent, with black frames in between',
    shows: ['NO_FACE', 'CAMERA_COVERED'],
    script: (s) => changed(s, (seen, second) => (Math.floor(second) % 2 ? blank(seen, 2, 1) : empty(seen))),
  },
  ...varied([42, -34], (yaw) => ({
    name: `looks ${Math.abs(yaw)} degrees to the ${yaw > 0 ? 'right' : 'left'} all the time`,
    shows: ['LOOKING_AWAY'],
    script: (s) => after(CALIBRATED, s, looking(s, { yaw })),
    from: CALIBRATED,
  })),
  ...varied(
    [
      { away: 2, period: 3, at: { yaw: -38 }, what: 'to the left' },
      { away: 2, period: 4, at: { pitch: -34 }, what: 'down' },
      { away: 3, period: 5, at: { gazeYaw: 40 }, what: 'aside with the eyes only' },
      { away: 3, period: 8, at: { yaw: 36 }, what: 'to the right' },
      { away: 2, period: 7, at: { yaw: 36 }, what: 'to the right' },
      { away: 2, period: 7, at: { pitch: -34 }, what: 'down' },
    ] as const,
    ({ away, period, at, what }) => ({
      name: `looks ${what} ${away} s of ${period}`,
      shows: ['LOOKING_AWAY'],
      script: (s) =>
        after(CALIBRATED, s, (second, random) => ({
          frame: person(s).shot(second, random, inTurns(away, period, second) ? at : {}),
        })),
      from: CALIBRATED,
      noticed: away * 3 > period ? 'soon' : 'late',
    }),
  ),
  ...varied([22, -20], (yaw) => ({
    name: `turned by ${yaw} degrees from the first second`,
    shows: ['TURNED_AT_START', 'LOOKING_AWAY'],
    script: (s) => looking(s, { yaw }),
  })),
  {
    name: 'turned from the first second, reconnects during the calibration',
    shows: ['TURNED_AT_START', 'LOOKING_AWAY'],
    script: (s) => reconnecting(8, 2, looking(s, { yaw: 22 })),
  },
  ...varied([0.8, 0.45], (size) => ({
    name: `a second person all the time, ${size} as large`,
    shows: ['MULTIPLE_FACES'],
    script: (s) =>
      after(
        30,
        s,
        changed(s, (seen) => joined(seen, size)),
      ),
    from: 30,
  })),
  {
    name: 'a second person 2 s of 6',
    shows: ['MULTIPLE_FACES'],
    script: (s) =>
      after(
        30,
        s,
        changed(s, (seen, second) => (inTurns(2, 6, second) ? joined(seen, 0.6) : seen)),
      ),
    from: 30,
  },
  {
    name: 'a hand before the face half of the time',
    shows: ['FACE_UNCLEAR'],
    script: (s) => changed(s, (seen, second) => (inTurns(5, 10, second) ? hidden(seen) : seen)),
    noticed: 'late',
  },
];
