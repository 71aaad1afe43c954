import { expect, test } from 'vitest';
import { actions, clipAt, type Script } from './script.ts';

const script: Script = {
  name: 'test',
  about: '',
  period: 20,
  steps: [
    { at: 0, clip: 'attentive' },
    { at: 4, signal: 'COPY' },
    { at: 10, clip: 'empty' },
    { at: 12, cut: 3 },
    { at: 15, clip: 'attentive' },
  ],
};

const first = (offset: number, count: number) => {
  const plan = actions(script, offset);
  return Array.from({ length: count }, () => {
    const { t, step } = plan.next().value!;
    return [t, 'signal' in step ? step.signal : step.cut];
  });
};

test('a clip lasts until the next one, and the script repeats', () => {
  expect([0, 9.9, 10, 14.9, 15, 19.9, 20, 30].map((t) => clipAt(script, 0, t))).toEqual([
    'attentive',
    'attentive',
    'empty',
    'empty',
    'attentive',
    'attentive',
    'attentive',
    'empty',
  ]);
});

test('the offset of a student shifts their position in the script', () => {
  expect([0, 3, 8].map((t) => clipAt(script, 12, t))).toEqual(['empty', 'attentive', 'attentive']);
});

test('before the first clip of a round, the last clip continues', () => {
  const late: Script = {
    ...script,
    steps: [
      { at: 5, clip: 'away' },
      { at: 8, clip: 'down' },
    ],
  };
  expect([0, 5, 8, 21].map((t) => clipAt(late, 0, t))).toEqual(['down', 'away', 'down', 'down']);
});

test('signals and line cuts come in order, endlessly', () => {
  expect(first(0, 4)).toEqual([
    [4, 'COPY'],
    [12, 3],
    [24, 'COPY'],
    [32, 3],
  ]);
});

test('steps before the offset of a student are skipped', () => {
  expect(first(5, 3)).toEqual([
    [7, 3],
    [19, 'COPY'],
    [27, 3],
  ]);
  expect(first(4, 1)).toEqual([[0, 'COPY']]);
});

test('a script without signals and line cuts schedules none', () => {
  expect(actions({ ...script, steps: [{ at: 0, clip: 'attentive' }] }, 0).next().done).toBe(true);
});
