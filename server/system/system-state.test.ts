import { expect, test } from 'vitest';
import type { ExpectedExamRow } from '../../db/expected-sessions.ts';
import { capacityOf } from './capacity.ts';
import { expectedOf } from './expected-sessions.ts';
import { partsOf, type PartStates } from './parts.ts';
import { RateMeter } from './rates.ts';
import { growthOf, lastsOf } from './storage.ts';

const NOW = Date.UTC(2026, 0, 1, 10);
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const exam = (more: Partial<ExpectedExamRow>): ExpectedExamRow => ({
  id: '01890000-0000-7000-8000-000000000001',
  title: 'Statistics',
  status: 'scheduled',
  starts_at: new Date(NOW + HOUR_MS),
  ends_at: new Date(NOW + 3 * HOUR_MS),
  duration_minutes: null,
  late_start_minutes: null,
  open_to: 'enrolled',
  students: 30,
  ...more,
});
const students = (...rows: ExpectedExamRow[]) => expectedOf(rows, NOW).hours.map((hour) => hour.students);

test('students of an exam are expected in each hour that its times touch', () => {
  expect(students(exam({})).slice(0, 5)).toEqual([0, 30, 30, 0, 0]);
  const parallel = exam({ starts_at: new Date(NOW + 90 * 60_000), ends_at: new Date(NOW + 4 * HOUR_MS), students: 12 });
  expect(students(exam({}), parallel).slice(0, 5)).toEqual([0, 42, 42, 12, 0]);
});

test('an exam without an end lasts for its late starts and time limit; without bounds it is in no hour', () => {
  const bounded = exam({ ends_at: null, late_start_minutes: 30, duration_minutes: 90 });
  expect(students(bounded).slice(0, 5)).toEqual([0, 30, 30, 0, 0]);
  const open = exam({ status: 'active', starts_at: null, ends_at: null });
  expect(expectedOf([open], NOW)).toMatchObject({ exams: [], untimed: 1 });
  expect(students(open).every((count) => count === 0)).toBe(true);
  expect(students(exam({ status: 'active', starts_at: null, ends_at: new Date(NOW + HOUR_MS) })).slice(0, 3)).toEqual([
    30, 0, 0,
  ]);
});

test('growth is known after 6 hours, and a shrinking part does not grow', () => {
  const sample = (ms: number, bytes: number) => ({ at: new Date(NOW + ms), bytes });
  expect(growthOf(undefined, sample(0, 5))).toBeNull();
  expect(growthOf(sample(0, 0), sample(5 * HOUR_MS, 1000))).toBeNull();
  expect(growthOf(sample(0, 0), sample(12 * HOUR_MS, 1000))).toBe(2000);
  expect(growthOf(sample(0, 1000), sample(DAY_MS, 10))).toBe(0);
});

test('a volume lasts as long as all its parts together let it; unknown while one is', () => {
  expect(lastsOf(1000, [40, 60])).toBe(10);
  expect(lastsOf(1000, [40, null])).toBeNull();
  expect(lastsOf(1000, [0, 0])).toBeNull();
});

const states: PartStates = {
  databaseIsUp: true,
  vision: { state: 'on', models: [] },
  visionWanted: true,
  rateScale: 1,
  evidence: { isFailing: false },
  audit: 'ok',
  logs: { isUp: true, lost: 0 },
  mail: { enabled: true, from: 'a@example.org', queued: 0, sent: 1, failed: 0, lastFailure: null },
  volumes: [{ freeBytes: 500, totalBytes: 1000, lastsDays: null }],
  now: NOW,
};
const faults = (more: Partial<PartStates>) =>
  partsOf({ ...states, ...more })
    .filter(({ state }) => state !== 'ok')
    .map(({ name, state, code, reason }) => [name, state, code, reason]);

test('each part tells its fault, and nothing else', () => {
  expect(faults({})).toEqual([]);
  const failure = { at: new Date(NOW - HOUR_MS).toISOString(), message: '550 no such user' };
  const cases: readonly (readonly [Partial<PartStates>, unknown[]])[] = [
    [{ databaseIsUp: false }, ['database', 'failed', 'down', null]],
    [{ vision: { state: 'off', reason: 'crashed' } }, ['inference', 'failed', 'vision_failed', 'crashed']],
    [{ vision: { state: 'off', reason: 'VISION=off' }, visionWanted: false }, ['inference', 'off', 'vision_off', null]],
    [{ vision: { state: 'starting' } }, ['inference', 'starting', 'vision_starting', null]],
    [{ rateScale: 0.8 }, ['inference', 'attention', 'vision_slow', null]],
    [{ evidence: undefined }, ['evidence', 'off', 'no_evidence_key', null]],
    [{ evidence: { isFailing: true } }, ['evidence', 'failed', 'evidence_failing', null]],
    [{ audit: 'behind' }, ['audit', 'attention', 'audit_behind', null]],
    [{ audit: 'changed' }, ['audit', 'failed', 'audit_changed', null]],
    [{ logs: { isUp: false, lost: 7 } }, ['logs', 'attention', 'logs_lost', '7']],
    [{ mail: { ...states.mail, lastFailure: failure } }, ['mail', 'attention', 'mail_failed', '550 no such user']],
    [{ mail: { ...states.mail, enabled: false } }, ['mail', 'off', 'no_mail_server', null]],
    [
      { volumes: [{ freeBytes: 50, totalBytes: 1000, lastsDays: null }] },
      ['storage', 'attention', 'storage_low', null],
    ],
    [
      { volumes: [{ freeBytes: 500, totalBytes: 1000, lastsDays: 3 }] },
      ['storage', 'attention', 'storage_full_soon', null],
    ],
  ];
  for (const [more, fault] of cases) expect(faults(more), JSON.stringify(more)).toEqual([fault]);
});

const report = (more: object = {}) =>
  JSON.stringify({
    name: 'capacity',
    at: '2026-01-01T10:00:00.000Z',
    machine: { cpu: 'A', cores: 8 },
    figures: [{ name: 'default policy: students of one core, without reserve', value: 31.4, unit: 'students' }],
    ...more,
  });

test('capacity is the measured students per core on half of the cores of this machine', () => {
  expect(capacityOf(report(), { cpu: 'A', cores: 8 })).toMatchObject({ students: 125, perCore: 31, sameMachine: true });
  expect(capacityOf(report(), { cpu: 'A', cores: 4 })).toMatchObject({ students: 62, sameMachine: false });
  // Sockets use one core of the main process, however many there are.
  const figures = [
    { name: 'default policy: students of one core, without reserve', value: 100 },
    { name: 'default policy: processor time of a student, main process', value: 2.5 },
  ];
  expect(capacityOf(report({ figures }), { cpu: 'A', cores: 64 })?.students).toBe(200);
});

test('a file that is no report of the capacity is none', () => {
  for (const text of ['', '{', '[]', report({ name: 'stream' }), report({ figures: [] }), report({ machine: {} })])
    expect(capacityOf(text, { cpu: 'A', cores: 8 }), text).toBeUndefined();
});

test('the rate is that of a whole minute, and the most sessions at the full rate are kept', async () => {
  let [now, analysed, live, scale] = [NOW, 0, 0, 1];
  const meter = new RateMeter(
    { analysed: () => Promise.resolve(analysed), live: () => live, scale: () => scale },
    () => now,
  );
  for (let i = 0; i < 6; i++) {
    await meter.sample();
    now += 10_000;
    analysed += 250;
  }
  expect(meter.analysedPerSecond).toBeUndefined();
  live = 40;
  await meter.sample();
  expect(meter.analysedPerSecond).toBe(25);
  [live, scale] = [80, 0.5];
  await meter.sample();
  expect(meter.carried).toMatchObject({ sessions: 40 });
});
