import { expect, test } from 'vitest';
import { fewFrames } from './few-frames.ts';
import { runAttack } from '../../bench/attack/attack.ts';
import { ATTACKS } from '../../bench/attack/attacks/all.ts';

const frames = fewFrames();

test('attack benchmark: students lose no signal and no socket during the attacks', { timeout: 600_000 }, async () => {
  const only = [
    'boundary lines, a stranger',
    'JSON of 75,000 keys',
    'login storm',
    'signal flood by HTTP',
    'takeovers',
    'verifying a long log',
    'long lists',
    'bad upgrades',
  ];
  expect(Object.keys(ATTACKS)).toEqual(expect.arrayContaining(only));
  const { errors, figures, more } = await runAttack(
    { secs: 1, sessions: 8, frames, limit: 500, events: 1500, settleMs: 500, calmMs: 200, only },
    () => {},
  );
  expect(errors).toEqual([]);
  const of = (name: string) => figures.find((figure) => figure.name === name)?.value;
  expect([of('signals not acknowledged'), of('signals acknowledged and not stored')]).toEqual([0, 0]);
  for (const attack of only) {
    expect(of(`${attack}: sockets closed and errors told`)).toBe(0);
    expect(of(`${attack}: send to acknowledgement, p99`)).toBeGreaterThan(0);
    // The attack did send requests.
    expect(Object.keys((more!['answers'] as Record<string, Record<string, number>>)[attack]!)).not.toEqual([]);
  }
});
