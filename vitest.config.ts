import { defineConfig } from 'vitest/config';
import { LongFirst } from './test/support/long-first.ts';
import { BASELINE_WASM } from './test/support/baseline-wasm.ts';
import { FULL_SIZE } from './test/support/size.ts';

/** A file's folder is its project. Each of `order` runs after the ones before it have ended. */
const project = (name: string, order: number, include: string[], more: Record<string, unknown> = {}) => ({
  extends: true as const,
  test: { name, include, sequence: { groupOrder: order }, globalSetup: 'test/support/database-templates.ts', ...more },
});

/** At their full size these tests hold to bounds of time, too: one at a time. */
const [few, atOnce] = FULL_SIZE ? [1, 1] : [2, 5];

/** Processes that run many files, each of which needs little of the database. */
const light = { isolate: false, execArgv: [...BASELINE_WASM] };

export default defineConfig({
  test: {
    // Native add-ons and child processes: a process a file, not a thread.
    pool: 'forks',
    // Tests wait about a third of the time, so that three keep two cores busy.
    maxWorkers: 3,
    // Ends what hangs. No test depends on being in time, so tests set no shorter ones.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    sequence: { sequencer: LongFirst },
    expect: { poll: { timeout: 120_000 } },
    setupFiles: process.env['TEST_SEED'] === undefined ? [] : ['test/support/property-seed.ts'],
    projects: [
      project('unit', 1, ['{protocol,db,models,server,simulator,bench,web,test/unit}/**/*.test.ts'], {
        // Nothing in it needs a database, a build, or native code that a thread could not load.
        pool: 'threads',
        // Modules are loaded once for all files, which halves the time; no file changes what another one reads.
        isolate: false,
        globalSetup: [],
      }),
      project('integration', 1, ['test/integration/**/*.test.ts'], light),
      // Their bounds are of processor time, of shares of it, and of memory of a process. Hosts that are ended again and
      // again within a minute need a machine that is not crowded.
      project('measured', 2, ['test/measured/**/*.test.ts'], { maxWorkers: few }),
      project('timed', 2, ['test/timed/**/*.test.ts'], { maxWorkers: few }),
      // These wait about half of the time, so that five keep two cores busy. Files of `browser` share a browser.
      project('browser', 3, ['test/browser/**/*.test.ts'], { ...light, maxWorkers: atOnce }),
      project('bench', 3, ['test/bench/**/*.test.ts'], { ...light, maxWorkers: atOnce }),
      project('cluster', 3, ['test/cluster/**/*.test.ts'], { ...light, maxWorkers: atOnce }),
      project('faults', 3, ['test/faults/**/*.test.ts'], { ...light, maxWorkers: atOnce }),
    ],
  },
});
