import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/** Loaded into each thread of `failing-host.mjs` before its own code: fails as a frame says, when the thread reads it. */
const MARK = Buffer.from('invigil-test-fault:');

const FAULTS = {
  segv: () => process.kill(process.pid, 'SIGSEGV'),
  spin: () => {
    for (;;);
  },
  stall: () => process.kill(process.pid, 'SIGSTOP'),
};

const { readSync } = fs;
fs.readSync = (fd, into, offset, ...more) => {
  const read = readSync(fd, into, offset, ...more);
  const at = into.subarray(0, offset + read).indexOf(MARK);
  if (at >= 0) FAULTS[into.toString('latin1', at + MARK.length, into.indexOf(0, at))]?.();
  return read;
};
syncBuiltinESMExports();
