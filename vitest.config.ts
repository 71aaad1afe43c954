import { defineConfig } from 'vitest/config';

/** Incidents have to open and close on time there: nothing else may run beside it. */
const TIMED = 'test/main-path.test.ts';
/** They kill, fill and flood: one at a time. */
const FAULTS = 'test/faults/**/*.test.ts';

export default defineConfig({
  test: {
    globalSetup: 'test/support/pglite-template.ts',
    // Native add-ons and child processes: a process a file, not a thread.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    projects: [
      { extends: true, test: { name: 'timed', include: [TIMED], sequence: { groupOrder: 1 } } },
      {
        extends: true,
        test: {
          name: 'all',
          include: ['{protocol,db,models,server,bench,simulator,web,test}/**/*.test.ts'],
          exclude: [TIMED, FAULTS, '**/node_modules/**'],
          sequence: { groupOrder: 2 },
        },
      },
      { extends: true, test: { name: 'faults', include: [FAULTS], maxWorkers: 1, sequence: { groupOrder: 3 } } },
    ],
  },
});
