import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { NamedPipe } from '../test/support/named-pipe.ts';
import { LineWriter } from './line-writer.ts';

const line = (n: number) => `{"n":${n},"text":"${'x'.repeat(80)}"}\n`;
const lines = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => line(from + i)).join('');

let pipe: NamedPipe;
beforeEach(() => {
  pipe = new NamedPipe();
});
afterEach(() => pipe.remove());

test('lines reach a pipe in order, those of one turn together', async () => {
  const writer = new LineWriter({ fd: pipe.writer, mayBlock: false, mayHang: false });
  for (let n = 1; n <= 20; n++) writer.write(line(n));
  await writer.flush(5000);
  expect(pipe.take()).toBe(lines(1, 20));
  expect(writer).toMatchObject({ isUp: true, lost: 0 });
});

test('a pipe that is not read makes nobody wait: lines wait within a bound, further ones are lost and counted', async () => {
  const writer = new LineWriter(
    { fd: pipe.writer, mayBlock: false, mayHang: false },
    { maxBytes: line(1).length * 100 },
  );
  writer.onLost = (lost) => writer.write(`lost ${lost}\n`);
  pipe.fill();
  for (let n = 1; n <= 150; n++) writer.write(line(n));
  await sleep(50);
  expect(writer.isUp).toBe(false);
  expect(writer.lost).toBeGreaterThanOrEqual(50);
  const { lost } = writer;
  let read = '';
  await vi.waitUntil(() => (read += pipe.take()).includes('lost'), { timeout: 60_000 });
  writer.write(line(1000));
  await writer.flush(5000);
  read += pipe.take();
  expect(read).toBe(`${lines(1, 150 - lost)}lost ${lost}\n${line(1000)}`);
  expect(writer).toMatchObject({ isUp: true, lost });
});

test('a pipe whose reader stops for longer than 2 s counts as degraded, without the loss of a line', async () => {
  const writer = new LineWriter({ fd: pipe.writer, mayBlock: false, mayHang: false });
  pipe.fill();
  writer.write(line(1));
  await vi.waitUntil(() => !writer.isUp, { timeout: 60_000 });
  pipe.take();
  await vi.waitUntil(() => writer.isUp, { timeout: 60_000 });
  expect(pipe.take()).toBe(line(1));
  expect(writer.lost).toBe(0);
});

test('a pipe without a reader takes lines again once a reader opens it', async () => {
  const writer = new LineWriter({ fd: pipe.writer, mayBlock: false, mayHang: false });
  pipe.closeReader();
  writer.write(line(1));
  await vi.waitUntil(() => !writer.isUp, { timeout: 60_000 });
  pipe.reopenReader();
  await vi.waitUntil(() => writer.isUp, { timeout: 60_000 });
  expect(pipe.take()).toBe(line(1));
});

test.for([true, false])('a full device fails every write and ends no flush late (threads: %s)', async (mayBlock) => {
  const fd = openSync('/dev/full', 'w');
  const writer = new LineWriter({ fd, mayBlock, mayHang: false }, { maxBytes: 1000 });
  for (let n = 1; n <= 50; n++) writer.write(line(n));
  await vi.waitUntil(() => !writer.isUp, { timeout: 60_000 });
  expect(writer.lost).toBeGreaterThan(30);
  // Both end at the first failure, not at the bound.
  await writer.flush(1_000_000);
  await vi.waitUntil(() => !writer.hangs, { timeout: 60_000 });
  writer.flushNow(1_000_000);
  closeSync(fd);
});

test('the last flush of a process gives up on a pipe that is not read', () => {
  const writer = new LineWriter({ fd: pipe.writer, mayBlock: false, mayHang: false });
  pipe.fill();
  writer.write(line(1));
  writer.flushNow(50);
  expect(pipe.take()).toBe('');
});

test('lines of a sudden end are written before the process has gone', () => {
  const writer = new LineWriter({ fd: pipe.writer, mayBlock: false, mayHang: false });
  writer.write(line(1));
  writer.write(line(2));
  writer.flushNow(5000);
  expect(pipe.take()).toBe(lines(1, 2));
});
