// Loaded into the server's process before the server (`node --import`): reports the longest turn of its event loop.
import { createHash } from 'node:crypto';
import { openSync, readSync } from 'node:fs';

const SCHEDSTAT = `/proc/self/task/${process.pid}/schedstat`;
const UNIT_RUNS = 7;

/** CPU time of the main thread, ms, excluding other processes and other threads of this one (Linux). */
function cpuClock() {
  try {
    const file = openSync(SCHEDSTAT, 'r');
    const bytes = Buffer.alloc(64);
    return () => Number(bytes.toString('latin1', 0, readSync(file, bytes, 0, 64, 0)).split(' ', 1)[0]) / 1e6;
  } catch {
    return () => performance.now();
  }
}
const now = cpuClock();

/** A fixed unit of work of the kinds that requests cause. */
function unit() {
  let text = JSON.stringify(Array.from({ length: 1200 }, (_, n) => ({ [`key${n}`]: `value ${n}`, n })));
  for (let i = 0; i < 3; i++) text = JSON.stringify(JSON.parse(text));
  return createHash('sha256').update(text).digest('hex').length;
}

function measureUnit() {
  const runs = Array.from({ length: UNIT_RUNS }, () => {
    const from = now();
    unit();
    return now() - from;
  });
  return runs.toSorted((a, b) => a - b)[UNIT_RUNS >> 1];
}

let longest = 0;
let last = 0;
let isWatching = false;

/** Runs once per turn: the time between two runs is one turn's work. */
function turn() {
  if (!isWatching) return;
  const at = now();
  longest = Math.max(longest, at - last);
  last = at;
  setImmediate(turn);
}

process.on('message', (message) => {
  if (message === 'unit') return process.send({ ms: measureUnit() });
  if (message === 'stop') {
    isWatching = false;
    return process.send({ ms: longest });
  }
  longest = 0;
  isWatching = true;
  setImmediate(() => {
    last = now();
    setImmediate(turn);
    process.send({ ms: 0 });
  });
});
// Lets the server exit even if this channel is open.
process.channel?.unref();
