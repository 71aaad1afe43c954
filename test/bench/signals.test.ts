import { expect, test } from 'vitest';
import { KINDS } from '../support/databases.ts';
import { postgresUrl } from '../support/requirements.ts';
import { runSignals } from '../../bench/signals/signals.ts';

test.for(KINDS.filter(({ available }) => available))(
  'signals benchmark: acknowledgements are compared with plain row inserts, on $title',
  async ({ kind }) => {
    const label = kind === 'postgres' ? 'PostgreSQL' : 'PGlite';
    // Short and spread over twelve sessions: within each session's burst, beyond which signals are counted rather than
    // stored one by one (S10).
    const { figures, errors, input } = await runSignals(
      { secs: 0.15, rounds: 1, sessions: 12, databases: [kind === 'postgres' ? postgresUrl : undefined] },
      () => {},
    );
    expect(errors).toEqual([]);
    expect(input).toMatchObject({
      sessions: 12,
      window: 64,
      rounds: 1,
      databases: [{ database: label, fsync: expect.any(String), synchronous_commit: expect.any(String) }],
    });
    const of = (name: string) => figures.find((figure) => figure.name === `${label}: ${name}`)?.value;
    for (const name of [
      'durable signals',
      'bare inserts of many rows',
      'one transaction each',
      'beside bare inserts of many rows',
      'beside one transaction each',
      'send to acknowledgement, p50',
    ]) {
      expect(of(name), name).toBeGreaterThan(0);
    }
    expect(of('send to acknowledgement, p99')).toBeGreaterThanOrEqual(of('send to acknowledgement, p50')!);
    // Group commit: signals of several students share a transaction.
    expect(of('signals of a transaction')).toBeGreaterThan(1);
    expect(of('processor time, main process')).toEqual(expect.any(Number));
    if (kind === 'postgres') expect(of('one transaction each on 10 connections')).toBeGreaterThan(0);
    else expect(of('one transaction each on 10 connections')).toBeUndefined();
  },
);
