import { syncBuiltinESMExports } from 'node:module';
import workerThreads from 'node:worker_threads';

/**
 * The inference host with a native fault, for tests. Forked in place of `models/host.js` by `Overrides.inferenceHost`
 * only; the compiled server does not know it. A frame whose comment names a fault (`withFault` in `faulty-frames.ts`)
 * triggers it when a thread begins to analyse the frame:
 * segv    the process dies by SIGSEGV
 * spin    a thread of the process spins and never answers the frame
 * stall   the whole process stands still and answers nothing any more
 * garbled, twice, endless, empty, of-another-frame, with-a-face-of-no-size   the answer is one that no thread gives
 */
const { Worker } = workerThreads;
const execArgv = ['--import', new URL('./failing-thread.mjs', import.meta.url).href];
workerThreads.Worker = class extends Worker {
  constructor(entry, options) {
    super(entry, { ...options, execArgv });
  }
};
syncBuiltinESMExports();

await import('../../dist/models/host.js');
