import type { Origin } from '../script.ts';
import { type Kind, person, reconnecting, shot, varied } from './kind.ts';

/** Goes on from elsewhere after a gap. */
const moved =
  (gap: number, origin: Origin) =>
  (s: number): Kind['script'] extends (seed: number) => infer S ? S : never =>
  (second, random) => ({
    frame: person(second < 60 ? s : s + 400).shot(second, random),
    connected: second < 60 || second >= 60 + gap,
    origin: second < 60 ? {} : origin,
  });

export const CONNECTION: readonly Kind[] = [
  {
    name: 'a gap of 90 s every four minutes',
    shows: ['CONNECTION_LOST'],
    script: (s) => (second, random) => ({
      connected: Math.floor(second) % 240 < 150,
      frame: person(s).shot(second, random),
    }),
    from: 150,
  },
  ...varied(
    [
      [20, 10],
      [20, 2],
      [30, 5],
      [50, 10],
      [5, 2],
    ] as const,
    ([on, off]) => ({
      name: `a gap of ${off} s after each ${on} s`,
      shows: ['CONNECTION_LOST'],
      script: (s) =>
        reconnecting(
          on,
          off,
          shot((second, random) => person(s).shot(second, random)),
        ),
      from: on,
    }),
  ),
  ...varied([35, 6], (gap) => ({
    name: `somebody else with the same login from elsewhere after ${gap} s`,
    shows: ['DEVICE_CHANGED'],
    script: moved(gap, { device: 'another', network: 'elsewhere' }),
    from: 60 + gap,
  })),
  {
    name: 'the same from the same network',
    shows: ['DEVICE_CHANGED'],
    script: moved(20, { device: 'another' }),
    from: 80,
  },
  {
    name: 'a client of another name after a gap of 5 s',
    shows: ['DEVICE_CHANGED'],
    script: moved(5, { client: 'own-client' }),
    from: 65,
  },
  {
    name: 'two devices that take turns every minute',
    shows: ['DEVICE_CHANGED'],
    script: (s) => (second, random) => ({
      frame: person(s).shot(second, random),
      connected: Math.floor(second) % 60 >= 2,
      origin: { device: Math.floor(second / 60) % 2 ? 'another' : 'own' },
    }),
    from: 62,
  },
  {
    name: 'another network after a gap of 5 s',
    shows: ['NETWORK_CHANGED'],
    script: moved(5, { network: 'elsewhere' }),
    from: 65,
    noticed: 'hint',
  },
  ...varied([60, 300], (from) => ({
    name: `the connection cut after ${from} s, for good`,
    shows: ['CONNECTION_LOST'],
    script: (s) => (second, random) => ({ connected: second < from, frame: person(s).shot(second, random) }),
    from,
  })),
];
