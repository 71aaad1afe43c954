import { defineConfig } from 'vitest/config';

/** A file's folder is its project. Each of `order` runs after the ones before it have ended. */
const project = (name: string, order: number, include: string[], more: Record<string, unknown> = {}) => ({
  extends: true as const,
  test: { name, include, sequence: { groupOrder: order }, globalSetup: 'test/support/database-templates.ts', ...more },
});

export default defineConfig({
  test: {
    // Native add-ons and child processes: a process a file, not a thread.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 180_000,
    hookTimeout: 300_000,
    setupFiles: process.env['TEST_SEED'] === undefined ? [] : ['test/support/property-seed.ts'],
    projects: [
      // Incidents have to open and close on time there: nothing else may run beside it.
      project('timed', 1, ['test/timed/**/*.test.ts'], { maxWorkers: 1 }),
      project('unit', 2, ['{protocol,db,models,server,simulator,bench,web,test/unit}/**/*.test.ts'], {
        // Nothing in it needs a database, a build, or native code that a thread could not load.
        pool: 'threads',
        // Modules are loaded once for all files, which halves the time; no file changes what another one reads.
        isolate: false,
        globalSetup: [],
      }),
      project('integration', 2, ['test/integration/**/*.test.ts'], { isolate: false }),
      // Their files share a browser.
      project('browser', 2, ['test/browser/**/*.test.ts'], { isolate: false }),
      project('bench', 2, ['test/bench/**/*.test.ts']),
      // They kill, fill and flood: one at a time.
      project('faults', 3, ['test/faults/**/*.test.ts'], { maxWorkers: 1 }),
    ],
  },
});
