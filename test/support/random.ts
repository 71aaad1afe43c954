import { randomInt } from 'node:crypto';
import { beforeEach } from 'vitest';
import { type Random, seeded } from '../../simulator/draw/prng.ts';

/** Seed of this run's random choices; `TEST_SEED=n` repeats another run. */
const TEST_SEED = Number(process.env['TEST_SEED'] ?? randomInt(2 ** 31));

/** Prints the seed of a test that failed. */
function printSeedOnFailure(seed: number): void {
  beforeEach(({ onTestFailed }) => {
    onTestFailed(() => {
      // eslint-disable-next-line no-console -- shown beside the failure
      console.error(`Random choices of this test: repeat with TEST_SEED=${seed}`);
    });
  });
}

export interface Choices {
  /** Uniform in [0, 1). */
  readonly random: Random;
  /** Integer from 0 to below the limit. */
  below(limit: number): number;
  oneOf<T>(values: readonly T[]): T;
}

/** Random choices for the tests of a file, the same for each test. Call it at the top of the file. */
export function randomChoices(): Choices {
  printSeedOnFailure(TEST_SEED);
  let next = seeded(TEST_SEED);
  beforeEach(() => {
    next = seeded(TEST_SEED);
  });
  const random = () => next();
  const below = (limit: number) => Math.floor(random() * limit);
  return { random, below, oneOf: (values) => values[below(values.length)]! };
}

/** Seed for tests that pass with a particular one, unless TEST_SEED names another. Call it at the top of the file. */
export function fixedSeed(seed: number): number {
  const chosen = Number(process.env['TEST_SEED'] ?? seed);
  printSeedOnFailure(chosen);
  return chosen;
}
