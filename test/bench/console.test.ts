import { expect, test } from 'vitest';
import { runConsole } from '../../bench/console/console.ts';

test('console benchmark: each event reaches each console once, closed loop and open loop (E3 P2)', async () => {
  const { figures, errors, input, text } = await runConsole(
    { secs: 0.3, rounds: 1, sessions: 6, consoles: 4, fps: 5 },
    () => {},
  );
  expect(errors).toEqual([]);
  expect(input).toMatchObject({ sessions: 6, consoles: 4, eventsOfAStudent: 5, database: 'PGlite' });
  const of = (name: string) => figures.find((figure) => figure.name === name)?.value;
  for (const work of [
    'closed loop',
    'open loop, 5/s a student',
    'open loop, 25 % of that',
    'open loop, 90 % of that',
  ]) {
    expect(of(`${work}: events made`), work).toBeGreaterThan(0);
    expect(of(`${work}: events delivered to all consoles`), work).toBeGreaterThan(0);
    expect(of(`${work}: send to receipt, p99`)).toBeGreaterThanOrEqual(of(`${work}: send to receipt, p50`)!);
    expect(of(`${work}: processor time, main process`)).toEqual(expect.any(Number));
    for (const fault of ['gaps told', 'left out without a gap', 'repeated', 'never arrived'])
      expect(of(`${work}: ${fault}`), `${work}: ${fault}`).toBe(0);
    expect(text).toContain(work);
  }
});
