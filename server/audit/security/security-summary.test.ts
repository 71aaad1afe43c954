import { beforeEach, expect, test } from 'vitest';
import pino from 'pino';
import { SecuritySummary } from './security-summary.ts';

let lines: { level: number; msg: string; security: string; count: number }[];
let summary: SecuritySummary;
beforeEach(() => {
  lines = [];
  summary = new SecuritySummary(
    pino({ base: null }, { write: (line: string) => lines.push(JSON.parse(line) as (typeof lines)[number]) }),
  );
});

test('an attack is logged at its start and once a minute, with counts of events and networks', () => {
  for (let i = 0; i < 1235; i++) summary.add('login_failed', null, `203.0.113.${i % 3}`);
  expect(lines.map(({ msg }) => msg)).toEqual(['Wrong email address or password: 1 from 1 network, 0 accounts']);
  summary.flush();
  expect(lines[1]).toMatchObject({
    level: 40,
    security: 'login_failed',
    count: 1234,
    msg: 'Wrong email address or password: 1,234 from 3 networks, 0 accounts',
  });
  summary.flush();
  expect(lines.length).toBe(2);
  summary.stop();
});

test('acts are logged as info and refusals as warnings', () => {
  summary.add('camera_watched', 'somebody', '203.0.113.1');
  summary.add('role_refused', 'somebody', '203.0.113.1');
  expect(lines.map(({ level }) => level)).toEqual([30, 40]);
  summary.stop();
});

test('lines contain neither addresses nor ids', () => {
  for (const _ of [1, 2]) summary.add('ticket_forged', '00000000-0000-4000-8000-000000000001', '203.0.113.77');
  summary.stop();
  expect(JSON.stringify(lines)).not.toMatch(/203\.0|00000000-0000/);
});

test('memory is bounded for any number of networks', () => {
  for (let i = 0; i < 5000; i++) summary.add('flood', null, `10.0.${i >> 8}.${i & 255}`);
  summary.flush();
  expect(lines.at(-1)!.msg).toContain('from at least 1,000 networks');
  summary.stop();
});
