import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{protocol,db,models,server,bench,web,test}/**/*.test.ts'],
    globalSetup: 'test/support/pglite-template.ts',
    // Native add-ons and child processes: a process a file, not a thread.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
