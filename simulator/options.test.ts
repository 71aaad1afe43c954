import { expect, test } from 'vitest';
import { readOptions, UsageError } from './options.ts';

test('defaults: 10 students for 30 s on this machine, ramped up at 20 per second', () => {
  expect(readOptions([])).toMatchObject({
    students: 10,
    seconds: 30,
    url: 'http://127.0.0.1:8080',
    ramp: 0.5,
    fps: undefined,
    check: false,
  });
  expect(readOptions(['--students', '200', '--ramp', '3'])).toMatchObject({ students: 200, ramp: 3, scenes: 8 });
});

test.each([
  [['--students', '0'], /--students/],
  [['--students', '2.5'], /whole/],
  [['--seconds', 'soon'], /--seconds/],
  [['--seconds', ''], /--seconds/],
  [['--fps', '99'], /--fps/],
  [['--script', 'sleeps'], /sleeps/],
  [['--url', 'localhost 8080'], /--url/],
  [['--frobnicate'], /frobnicate/],
])('%j is refused with a reason', (args, reason) => {
  expect(() => readOptions(args)).toThrow(reason);
  expect(() => readOptions(args)).toThrow(UsageError);
});
