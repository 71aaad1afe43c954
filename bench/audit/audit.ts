import type { Benchmark } from '../benchmark.ts';
import { WINDOW } from '../signals/signal-load.ts';
import { offline } from './offline.ts';
import { onAndOff } from './on-and-off.ts';

const SECS = 5;
const ROUNDS = 5;
const SESSIONS = 64;
const LEAVES = 1_000_000;

/** Cost of the audit log. */
export const audit: Benchmark = {
  name: 'audit',
  about: 'durable signals/s with and without events in the audit log, and offline verification of a long log',
  run: async ({ secs = SECS, rounds = ROUNDS, sessions = SESSIONS, limit: leaves = LEAVES }, say) => {
    const errors: string[] = [];
    const databaseUrl = process.env['DATABASE_URL'];
    const plan = { secs, rounds, sessions };
    const figures = [
      ...(databaseUrl === undefined ? [] : await onAndOff({ ...plan, databaseUrl }, say, errors)),
      ...(await onAndOff({ ...plan, databaseUrl: undefined }, say, errors)),
      ...(await offline({ leaves, rounds }, say, errors)),
    ];
    return { input: { seconds: secs, rounds, sessions, window: WINDOW, leaves }, figures, errors };
  },
};
