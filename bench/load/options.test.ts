import { expect, test } from 'vitest';
import { UsageError } from '../../simulator/options.ts';
import { LiveLine } from './live-line.ts';
import { readPlan } from './options.ts';

test('defaults: 20 students at 1 frame/s for 60 s, ramped up at 20 per second', () => {
  expect(readPlan({ secs: undefined, fps: undefined, frames: undefined })).toMatchObject({
    url: 'http://127.0.0.1:8080',
    students: 20,
    fps: 1,
    secs: 60,
    ramp: 1,
    script: undefined,
  });
  expect(
    readPlan({ secs: 10, fps: 2, frames: 'x', own: { students: '200', url: 'https://exams.example.org/console' } }),
  ).toMatchObject({ url: 'https://exams.example.org', students: 200, ramp: 10, fps: 2, scenes: 8 });
  expect(readPlan({ secs: 10, fps: 2, frames: 'x', own: { url: 'https://www.example.org/invigil/console' } }).url).toBe(
    'https://www.example.org/invigil',
  );
});

test.each([
  [{ students: '0' }, /--students/],
  [{ students: '1.5' }, /whole/],
  [{ ramp: '-1' }, /--ramp/],
  [{ script: 'sleeps' }, /sleeps/],
  [{ url: 'localhost 8080' }, /--url/],
  [{ url: 'ftp://example.org' }, /--url/],
])('%j is refused with a reason', (own, reason) => {
  const read = () => readPlan({ secs: undefined, fps: undefined, frames: undefined, own: own });
  expect(read).toThrow(reason);
  expect(read).toThrow(UsageError);
});

test('progress overwrites one line on a terminal and appends lines elsewhere', () => {
  let written = '';
  const said: string[] = [];
  const live = new LiveLine((line) => said.push(line), {
    columns: 12,
    write: (text: string | Uint8Array) => ((written += String(text)), true),
  });
  live.show('a first line of it');
  live.show('second');
  live.say('something else');
  expect(written).toBe('\r\u001B[2Ka first lin\r\u001B[2Ksecond\n');
  expect(said).toEqual(['something else']);
  const plain = new LiveLine((line) => said.push(line), undefined);
  plain.show('third');
  expect(said).toEqual(['something else', 'third']);
});
