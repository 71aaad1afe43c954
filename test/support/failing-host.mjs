import { syncBuiltinESMExports } from 'node:module';
import workerThreads from 'node:worker_threads';

/**
 * The inference host with a fault of native code in it, for tests. It is forked in place of `models/host.js` by
 * `Overrides.inferenceHost` and in no other way; the compiled server knows nothing of it. A frame whose comment names a
 * fault (`withFault` in `faulty-frames.ts`) brings it about at the moment when a thread would begin to look at it:
 *   segv    the process dies by SIGSEGV
 *   spin    a thread of the process spins, and the frame is never answered
 *   stall   the whole process stands still: it answers nothing any more
 *   garbled, twice, endless, empty, of-another-frame, with-a-face-of-no-size   its answer is none that a thread gives
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
