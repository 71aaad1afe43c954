import { expect, test } from 'vitest';
import { Attention } from './attention.ts';
import { FullscreenExit } from './fullscreen-exit.ts';

const LOOKS = {
  here: { visible: true, focused: true },
  blurred: { visible: true, focused: false },
  hidden: { visible: false, focused: false },
};

/** Plays steps (s) with a look every 250 ms, as the browser does. @returns reports with their time, s */
function play(...steps: readonly (readonly [at: number, what: keyof typeof LOOKS | 'exit'])[]): string[] {
  const reports: string[] = [];
  let now = 0;
  const say = (type: string, more = '') => reports.push(`${now / 1000} ${type}${more}`);
  const exit = new FullscreenExit(() => say('FULLSCREEN_EXIT'));
  const attention: Attention = new Attention((type) => {
    if (type !== 'RETURNED_TO_EXAM') say(type, exit.joins(attention.absence) ? ' with exit' : '');
  });
  const waiting = [...steps];
  let state: keyof typeof LOOKS = 'here';
  for (now = 0; now <= 20_000; now += 250) {
    while (waiting[0] && waiting[0][0] * 1000 <= now) {
      const [, what] = waiting.shift()!;
      if (what === 'exit') exit.exited(attention.absence, now);
      else state = what;
    }
    attention.look(LOOKS[state], now);
    exit.look(attention.absence, now);
  }
  return reports;
}

test('leaving full screen alone is reported after a second', () => {
  expect(play([5, 'exit'])).toEqual(['6 FULLSCREEN_EXIT']);
});

test('leaving full screen, blur and hidden page within a second are one event, in any order', () => {
  expect(play([5, 'exit'], [5.25, 'blurred'], [5.5, 'hidden'], [10, 'here'])).toEqual(['5.5 TAB_SWITCH with exit']);
  expect(play([5, 'exit'], [5.5, 'blurred'], [10, 'here'])).toEqual(['6.5 WINDOW_BLUR with exit']);
  expect(play([5, 'hidden'], [5.5, 'exit'], [10, 'here'])).toEqual(['5 TAB_SWITCH']);
  expect(play([5, 'blurred'], [5.75, 'exit'], [10, 'here'])).toEqual(['6 WINDOW_BLUR with exit']);
});

test('a blur too short to be reported leaves the exit', () => {
  expect(play([5, 'exit'], [5.25, 'blurred'], [5.75, 'here'])).toEqual(['6 FULLSCREEN_EXIT']);
});

test('an absence later than a second is another act', () => {
  expect(play([5, 'exit'], [7, 'hidden'], [10, 'here'])).toEqual(['6 FULLSCREEN_EXIT', '7 TAB_SWITCH']);
  expect(play([5, 'hidden'], [8, 'exit'], [10, 'here'])).toEqual(['5 TAB_SWITCH', '9 FULLSCREEN_EXIT']);
});

test('what waits is reported when the watch ends', () => {
  const reports: number[] = [];
  const exit = new FullscreenExit(() => reports.push(1));
  exit.exited(undefined, 0);
  exit.flush();
  exit.flush();
  expect(reports).toEqual([1]);
});

test('the state of the page names what explains an absence, and no focus that was never there', () => {
  const attention = new Attention(() => {});
  attention.look(LOOKS.blurred, 0);
  expect(attention.state).toEqual({ visible: true, focused: null });
  attention.look(LOOKS.here, 250);
  expect(attention.state).toEqual({ visible: true, focused: true });
  attention.opens('file_picker', 300);
  for (let now = 500; now < 5000; now += 250) attention.look(LOOKS.blurred, now);
  expect(attention.state).toEqual({ visible: true, focused: false, explained: 'file_picker' });
  attention.closes('file_picker', 5000);
  for (let now = 5000; now < 8000; now += 250) attention.look(LOOKS.blurred, now);
  expect(attention.state).toEqual({ visible: true, focused: false });
  attention.look(LOOKS.hidden, 8250);
  expect(attention.state).toEqual({ visible: false, focused: false });
});
