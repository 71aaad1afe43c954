import { describe, expect, test } from 'vitest';
import {
  connected,
  initialState,
  lastingAbsence,
  reported,
  signalled,
  type StateChange,
  type StateRules,
  ticked,
  unobserved,
  virtualCamera,
} from './client-state.ts';

const HERE = { visible: true, focused: true };
const HIDDEN = { visible: false, focused: false };
const UNFOCUSED = { visible: true, focused: false };
const DIALOG = { ...UNFOCUSED, explained: 'file_picker' };

type Step =
  | 'reconnect'
  | { readonly says: { visible: boolean | null; focused: boolean | null; explained?: string }; held?: boolean }
  | { readonly signal: string; after?: string }
  | 'gap';

/** Plays steps 10 s apart, from 0. @returns changes as `open TYPE seconds` */
function play(steps: readonly Step[], announced: readonly string[] = []): string[] {
  let state: StateRules = connected(initialState(announced, 0), true, true, 0);
  const changes: StateChange[] = [];
  steps.forEach((step, i) => {
    const now = i * 10_000;
    const [next, found] =
      step === 'gap'
        ? unobserved(state, now)
        : step === 'reconnect'
          ? ([connected(unobserved(state, now)[0], true, true, now), unobserved(state, now)[1]] as const)
          : 'says' in step
            ? reported(state, step.says, step.held === true, now)
            : signalled(state, step.signal, step.after, now);
    state = next;
    changes.push(...found);
  });
  return changes.map(({ kind, type, at }) => `${kind} ${type} ${at / 1000}`);
}

const says = (what: { visible: boolean | null; focused: boolean | null; explained?: string }, held = false): Step => ({
  says: what,
  held,
});

describe('an absence that no signal announced (E10)', () => {
  test.each([
    ['hidden', HIDDEN],
    ['unfocused', UNFOCUSED],
  ])('opens with the second report in a row of a page that is %s, from the first, until one is not', (_, away) => {
    expect(play([says(HERE), says(away), says(away), says(away), says(HERE)])).toEqual([
      'open UNREPORTED_ABSENCE 10',
      'close UNREPORTED_ABSENCE 40',
    ]);
  });

  test('one report alone is none: its signal may be under way', () => {
    expect(play([says(HIDDEN), says(HERE), says(HIDDEN), says(HERE)])).toEqual([]);
  });

  test('is none after its signal, on this connection or before', () => {
    expect(play([{ signal: 'TAB_SWITCH' }, says(HIDDEN), says(HIDDEN), says(UNFOCUSED)])).toEqual([]);
    expect(play([says(HIDDEN), says(HIDDEN)], ['TAB_SWITCH'])).toEqual([]);
    expect(play([{ signal: 'WINDOW_BLUR' }, says(UNFOCUSED), says(UNFOCUSED)])).toEqual([]);
  });

  test('a blur announces no hidden page, and a signal no later absence', () => {
    expect(play([{ signal: 'WINDOW_BLUR' }, says(HIDDEN), says(HIDDEN)])).toEqual(['open UNREPORTED_ABSENCE 10']);
    expect(play([{ signal: 'TAB_SWITCH' }, says(HIDDEN), says(HERE), says(HIDDEN), says(HIDDEN)])).toEqual([
      'open UNREPORTED_ABSENCE 30',
    ]);
    const returned = { signal: 'RETURNED_TO_EXAM', after: 'TAB_SWITCH' };
    expect(play([{ signal: 'TAB_SWITCH' }, returned, says(HIDDEN), says(HIDDEN)])).toEqual([
      'open UNREPORTED_ABSENCE 20',
    ]);
  });

  test('ends with a late signal, and with a gap', () => {
    expect(play([says(HIDDEN), says(HIDDEN), { signal: 'TAB_SWITCH' }, says(HIDDEN), says(HIDDEN)])).toEqual([
      'open UNREPORTED_ABSENCE 0',
      'close UNREPORTED_ABSENCE 20',
    ]);
    expect(play([says(HIDDEN), says(HIDDEN), 'gap'])).toEqual([
      'open UNREPORTED_ABSENCE 0',
      'close UNREPORTED_ABSENCE 20',
    ]);
  });

  test('is none while a dialog explains it, for two minutes at most, or while signals wait for the server', () => {
    expect(play(Array.from({ length: 13 }, () => says(DIALOG)))).toEqual([]);
    expect(play(Array.from({ length: 30 }, () => says(DIALOG)))).toEqual(['open UNREPORTED_ABSENCE 130']);
    expect(play([says(HIDDEN, true), says(HIDDEN, true), says(HIDDEN, true)])).toEqual([]);
  });

  test('is one on connections that each report it once: the third report in a row, from its own time', () => {
    expect(play([says(HERE), says(HIDDEN), 'reconnect', says(HIDDEN), 'reconnect', says(HIDDEN)])).toEqual([
      'open UNREPORTED_ABSENCE 50',
    ]);
    // The signal of before comes after `welcome` and the first report.
    expect(play([says(HERE), says(HIDDEN), 'reconnect', says(HIDDEN), { signal: 'TAB_SWITCH' }, says(HIDDEN)])).toEqual(
      [],
    );
  });

  test('a dialog explains no more than two minutes of it, whatever connections they are on', () => {
    const dialogs = Array.from({ length: 30 }, (_, i) => (i % 5 === 4 ? ('reconnect' as const) : says(DIALOG)));
    expect(play(dialogs).filter((change) => change.startsWith('open'))).not.toEqual([]);
  });

  test('is none where the page does not know', () => {
    const unknown = says({ visible: true, focused: null });
    expect(play([unknown, unknown, unknown])).toEqual([]);
    const unwatched = says({ visible: null, focused: null });
    expect(play([unwatched, unwatched, unwatched])).toEqual([]);
  });
});

describe('silence about the state (E10)', () => {
  /** Ticks each second. @param frames whether a frame arrives in this second */
  function listen(reports: boolean, frames: (second: number) => boolean, spoke: readonly number[] = []): string[] {
    let state = connected(initialState([], 0), reports, true, 0);
    let lastFrameAt: number | undefined;
    const changes: StateChange[] = [];
    for (let second = 1; second <= 120; second++) {
      const now = second * 1000;
      if (frames(second)) lastFrameAt = now;
      const [said, a] = spoke.includes(second) ? reported(state, HERE, false, now) : [state, []];
      const [next, b] = ticked(said, lastFrameAt, now);
      state = next;
      changes.push(...a, ...b);
    }
    return changes.map(({ kind, type, at }) => `${kind} ${type} ${at / 1000}`);
  }

  test('opens after 30 s with frames, from the last report, and lasts until the next', () => {
    expect(listen(true, () => true, [10, 20, 90, 100, 110])).toEqual([
      'open CLIENT_STATE_MISSING 20',
      'close CLIENT_STATE_MISSING 90',
    ]);
  });

  test('reports every 10 s are no silence, nor is one that is 19 s late', () => {
    expect(listen(true, () => true, [10, 20, 49, 58, 68, 78, 88, 98, 108, 118])).toEqual([]);
  });

  test('a report every 25 s does not hide that the others are missing', () => {
    expect(listen(true, () => true, [1, 26, 51, 76, 101])).toContain('open CLIENT_STATE_MISSING 26');
  });

  test('opens on connections of 20 s that never report, and of the same client that no longer says that it does', () => {
    for (const reports of [true, false]) {
      let state = connected(initialState([], 0), true, true, 0);
      const changes: StateChange[] = [];
      for (let second = 1; second <= 60; second++) {
        const now = second * 1000;
        if (second % 20 === 0) state = connected(unobserved(state, now)[0], reports, true, now);
        const [next, found] = ticked(state, now, now);
        state = next;
        changes.push(...found);
      }
      expect(changes.map(({ kind, type, at }) => `${kind} ${type} ${at / 1000}`)).toContain(
        'open CLIENT_STATE_MISSING 20',
      );
    }
    const other = connected(connected(initialState([], 0), true, true, 0), false, false, 1000);
    expect(other.reports).toBe(false);
  });

  test('a client that never said that it reports, and a page that sends no frames, are not silent', () => {
    expect(listen(false, () => true)).toEqual([]);
    expect(listen(true, () => false)).toEqual([]);
    // A computer that sleeps sends neither.
    expect(listen(true, (second) => second < 10)).toEqual([]);
  });
});

test('the name of a virtual camera is found by its parts, in any case; others are not', () => {
  const names = ['obs virtual camera', 'manycam'];
  expect(virtualCamera('OBS Virtual Camera (m-de:vice)', names)).toBe('OBS Virtual Camera (m-de:vice)');
  expect(virtualCamera('ManyCam Virtual Webcam', names)).toBe('ManyCam Virtual Webcam');
  expect(virtualCamera('FaceTime HD Camera', names)).toBeUndefined();
  expect(virtualCamera(null, names)).toBeUndefined();
  expect(virtualCamera('ManyCam', [])).toBeUndefined();
});

test.for([
  ['TAB_SWITCH', HIDDEN, 'TAB_SWITCH'],
  ['TAB_SWITCH', UNFOCUSED, 'TAB_SWITCH'],
  ['TAB_SWITCH', HERE, undefined],
  ['WINDOW_BLUR', UNFOCUSED, 'WINDOW_BLUR'],
  ['WINDOW_BLUR', HIDDEN, undefined],
  ['WINDOW_BLUR', DIALOG, undefined],
  ['COPY', HIDDEN, undefined],
] as const)('after %s a report of %j says that this lasts: %s', ([signal, report, lasts]) => {
  const [left] = signalled(connected(initialState([], 0), true, true, 0), signal, undefined, 0);
  const [state] = reported(left, report, false, 10_000);
  expect(lastingAbsence(state, report)).toBe(lasts);
});
