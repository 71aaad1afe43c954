import { expect, test } from 'vitest';
import { runStaff } from '../../bench/staff/staff.ts';

test('staff benchmark: marks, claims, notes and messages at once are on every console, and none is lost (P5, M2)', async () => {
  const { figures, errors, input } = await runStaff({ secs: 1, sessions: 6, staff: 3 }, () => {});
  expect(errors).toEqual([]);
  expect(input).toMatchObject({ sessions: 6, staff: 3 });
  const of = (name: string) => figures.find((figure) => figure.name === name)?.value;
  for (const rate of ['acts', 'messages of students']) expect(of(rate), rate).toBeGreaterThan(0);
  for (const fault of [
    'notes lost',
    'messages lost',
    'sessions whose last state a console lacks',
    'messages that a console lacks',
  ])
    expect(of(fault), fault).toBe(0);
  expect(of('tiles of the page that differ') ?? 0).toBe(0);
});
