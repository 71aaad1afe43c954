import { existsSync } from 'node:fs';

/**
 * Preloaded by npm scripts (`node --import`): adds the settings of the file `.env` in the current folder, if there is
 * one. Settings of the environment take precedence. Programs started without npm, among them those of tests, benchmarks
 * and the demo, do not read it.
 */
if (existsSync('.env')) {
  try {
    process.loadEnvFile('.env');
  } catch (error) {
    process.stderr.write(`invigil: .env: ${(error as Error).message}\n`);
    process.exit(1);
  }
}
