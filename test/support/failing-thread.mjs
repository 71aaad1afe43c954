import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Loaded into each thread of `failing-host.mjs` before its own code: triggers the fault named in a frame when the
 * thread reads it.
 */
const MARK = Buffer.from('invigil-test-fault:');

/** The signal reaches the process when its main thread runs next: this frame must not be answered before. */
function end(signal) {
  process.kill(process.pid, signal);
  for (;;);
}

const FAULTS = {
  segv: () => end('SIGSEGV'),
  spin: () => {
    for (;;);
  },
  stall: () => end('SIGSTOP'),
};

/** Replaces the next answer; undefined leaves it unchanged. */
let instead;
const SPOILED = {
  // One byte that is invalid in UTF-8.
  garbled: (bytes) => Buffer.concat([bytes.subarray(0, 10), Buffer.of(0xff), bytes.subarray(11)]),
  twice: (bytes) => Buffer.concat([bytes, bytes]),
  // Announced but never finished.
  endless: () => Buffer.concat([Buffer.of(0, 0, 0, 4), Buffer.alloc(64 * 1024 * 1024)]),
  empty: () => Buffer.alloc(4),
  'of-another-frame': (bytes) => framed({ ...JSON.parse(bytes.toString('utf8', 4)), job: 4_000_000_000 }),
  'with-a-face-of-no-size': (bytes) => {
    const answer = JSON.parse(bytes.toString('utf8', 4));
    return framed({
      ...answer,
      detection: { ...answer.detection, faces: [{ box: ['x', null, Number.MAX_VALUE, {}], score: 7, landmarks: [] }] },
    });
  },
};

function framed(answer) {
  const text = Buffer.from(JSON.stringify(answer));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return Buffer.concat([length, text]);
}

for (const name of Object.keys(SPOILED)) FAULTS[name] = () => (instead = SPOILED[name]);

const { readSync, writeSync } = fs;
fs.writeSync = (fd, bytes, ...more) => {
  const spoiled = instead?.(bytes);
  if (!spoiled) return writeSync(fd, bytes, ...more);
  instead = undefined;
  for (let at = 0; at < spoiled.length;) at += writeSync(fd, spoiled, at);
  return bytes.length;
};

fs.readSync = (fd, into, offset, ...more) => {
  const read = readSync(fd, into, offset, ...more);
  const at = into.subarray(0, offset + read).indexOf(MARK);
  if (at >= 0) FAULTS[into.toString('latin1', at + MARK.length, into.indexOf(0, at))]?.();
  return read;
};
syncBuiltinESMExports();
