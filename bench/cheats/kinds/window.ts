import type { PageState, Second } from '../script.ts';
import { after, CHEAT_SECONDS, type Kind, person, reconnecting, varied } from './kind.ts';

/** Events of the page, while a living person sits there. */
const signals =
  (type: string, every: number, lasted = 0, times = Number.POSITIVE_INFINITY) =>
  (s: number) =>
  (second: number, random: () => number): Second => ({
    frame: person(s).shot(second, random),
    ...(Math.floor(second) % every === 0 &&
      second < every * (times + 1) && { signals: [{ type, ...(lasted > 0 && { lasted }) }] }),
  });

/** The page tells this state, and no signals. */
const telling =
  (s: number, state: (second: number) => PageState | 'silent') =>
  (second: number, random: () => number): Second => ({ frame: person(s).shot(second, random), state: state(second) });

const HIDDEN: PageState = { visible: false, focused: false };
const UNFOCUSED: PageState = { visible: true, focused: false };
const HERE: PageState = { visible: true, focused: true };

export const WINDOW: readonly Kind[] = [
  ...varied(
    [
      [60, 20],
      [20, 4],
    ] as const,
    ([every, lasted]) => ({
      name: `another tab for ${lasted} s of each ${every} s`,
      shows: ['TAB_SWITCH'],
      script: signals('TAB_SWITCH', every, lasted),
      from: every,
    }),
  ),
  ...varied(
    [
      [30, 15],
      [15, 3],
    ] as const,
    ([every, lasted]) => ({
      name: `another window for ${lasted} s of each ${every} s`,
      shows: ['WINDOW_BLUR'],
      script: signals('WINDOW_BLUR', every, lasted),
      from: every,
    }),
  ),
  ...varied([20, 30], (every) => ({
    name: `a paste every ${every} s`,
    shows: ['PASTE'],
    script: signals('PASTE', every),
    from: every,
  })),
  ...varied(['TAB_SWITCH', 'WINDOW_BLUR'], (type) => ({
    name: `another ${type === 'TAB_SWITCH' ? 'tab' : 'window'} once, and never back`,
    shows: [type],
    script: signals(type, 60, 2 * CHEAT_SECONDS, 1),
    from: 60,
  })),
  ...varied([0, 45], (from) => ({
    name:
      from === 0
        ? 'an extension stops signals and states'
        : `an extension stops signals and states from second ${from}`,
    shows: ['CLIENT_STATE_MISSING'],
    script: (s) =>
      after(
        from,
        s,
        telling(s, () => 'silent'),
      ),
    from: Math.max(1, from),
    noticed: 'late',
  })),
  {
    name: 'signals and states stopped, on connections of 20 s',
    shows: ['CLIENT_STATE_MISSING'],
    script: (s) =>
      reconnecting(
        20,
        2,
        telling(s, () => 'silent'),
      ),
    noticed: 'late',
  },
  {
    name: 'signals and states stopped but for one state every 25 s',
    shows: ['CLIENT_STATE_MISSING'],
    script: (s) => telling(s, (second) => (Math.floor(second) % 25 < 1 ? HERE : 'silent')),
    noticed: 'late',
  },
  {
    name: 'a client that no longer says that it reports its state',
    shows: ['CLIENT_STATE_MISSING'],
    script: (s) => (second, random) => ({
      ...telling(s, (at) => (at < 60 ? HERE : 'silent'))(second, random),
      connected: second < 60 || second >= 62,
      origin: { reports: second < 60 },
    }),
    from: 62,
    noticed: 'late',
  },
  ...varied([HIDDEN, UNFOCUSED], (state) => ({
    name: `an extension stops signals, the page is ${state.visible ? 'without focus' : 'hidden'}`,
    shows: ['UNREPORTED_ABSENCE'],
    script: (s) =>
      after(
        30,
        s,
        telling(s, () => state),
      ),
    from: 30,
  })),
  {
    name: 'an extension stops signals, hidden 30 s of each minute',
    shows: ['UNREPORTED_ABSENCE'],
    script: (s) => telling(s, (second) => (Math.floor(second) % 60 < 30 ? HERE : HIDDEN)),
    from: 30,
  },
  {
    name: 'hidden without signals, on connections of 9 s',
    shows: ['UNREPORTED_ABSENCE'],
    script: (s) =>
      reconnecting(
        9,
        1,
        telling(s, () => HIDDEN),
      ),
    noticed: 'late',
  },
  {
    name: 'a dialog of the browser that explains everything',
    shows: ['UNREPORTED_ABSENCE'],
    script: (s) => telling(s, () => ({ ...UNFOCUSED, explained: 'file_picker' })),
    noticed: 'late',
  },
  {
    name: 'a virtual camera by its name',
    shows: ['VIRTUAL_CAMERA_NAME'],
    script: (s) => telling(s, () => ({ ...HERE, label: 'OBS Virtual Camera' })),
    noticed: 'hint',
  },
  {
    name: 'a second screen',
    shows: ['SECOND_SCREEN'],
    script: (s) => (second, random) => ({
      frame: person(s).shot(second, random),
      ...(Math.floor(second) === 20 && { signals: [{ type: 'SECOND_SCREEN' }] }),
    }),
    from: 20,
    noticed: 'hint',
  },
  {
    name: 'a second screen that the eyes go to 2 s of 5',
    shows: ['LOOKING_AWAY'],
    script: (s) => (second, random) => ({
      frame: person(s).shot(second, random, second > 20 && Math.floor(second) % 5 < 2 ? { gazeYaw: 38 } : {}),
      ...(Math.floor(second) === 20 && { signals: [{ type: 'SECOND_SCREEN' }] }),
    }),
    from: 20,
  },
];
