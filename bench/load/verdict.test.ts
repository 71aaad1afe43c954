import { expect, test } from 'vitest';
import type { Window } from '../../simulator/measure.ts';
import { Tally } from '../../simulator/tally.ts';
import type { Point } from '../../simulator/timeline.ts';
import { limitAdvice, refusalAdvice } from './limits.ts';
import type { ServerSpan } from './server-figures.ts';
import { type Evidence, judgeLoad } from './verdict.ts';

const spread = (p99: number) => ({ count: 1000, p50: p99 / 4, p95: p99 / 2, p99, max: p99 * 2 });

const window = (change: Partial<Window> = {}): Window => ({
  beganAt: 0,
  seconds: 60,
  framesDue: 12_000,
  framesSent: 12_000,
  framesAnalysed: 11_976,
  signalsAcked: 600,
  analysis: spread(180),
  ack: spread(40.4),
  buckets: { analysis: [], ack: [] },
  ownDelayMs: 3,
  server: undefined,
  ...change,
});

function tally(change: Partial<Tally> = {}): Tally {
  return Object.assign(new Tally(), { connects: 200, signalsSent: 600, signalsAcked: 600 }, change);
}

const span = (change: Partial<ServerSpan> = {}): ServerSpan => ({
  cores: 0.3,
  busyThreads: 1,
  memoryMiB: 300,
  analysed: 200,
  dropped: 0,
  replaced: 0,
  queueMs: 5,
  commitMs: 8,
  waiting: 0,
  pressure: 0,
  rateScale: 1,
  ...change,
});

const point = (t: number, p99: number, server: Partial<ServerSpan> = {}): Point<ServerSpan> => ({
  t,
  live: 200,
  due: 200,
  sent: 200,
  analysed: 200,
  statedFps: 1,
  acked: 10,
  analysis: spread(p99),
  ack: spread(10),
  errors: 0,
  drops: 0,
  refusals: 0,
  server: span(server),
});

const judge = (change: Partial<Evidence> = {}) =>
  judgeLoad({
    students: 200,
    fps: 1,
    tally: tally(),
    window: window(),
    points: [point(20, 170), point(40, 190)],
    span: span(),
    rateBefore: 1,
    hostRestarts: 0,
    advice: [],
    visionOff: undefined,
    ...change,
  });

test('a server within its limits passes, with the figures of the verdict', () => {
  const { ok, sentence, limits, checks } = judge();
  expect(ok).toBe(true);
  expect(sentence).toBe(
    'This server handles 200 students at 1 frame/s: 99.8 % of the frames due were analysed, 99 of 100 within 180 ms; 99 of 100 signals were acknowledged within 40 ms; no connection was lost.',
  );
  expect(limits).toEqual([]);
  expect(checks.map(({ name }) => name)).toContain('99 of 100 analyses come within 1 s');
});

test('late analyses are attributed to the models, with the time of the worst delay', () => {
  const { ok, sentence, limits } = judge({
    window: window({ framesAnalysed: 6000, analysis: spread(2500) }),
    points: [point(20, 900), point(40, 4000, { rateScale: 0.5 }), point(60, 2000)],
    span: span({ queueMs: 900 }),
  });
  expect(ok).toBe(false);
  expect(sentence).toContain(
    'This server does not handle 200 students at 1 frame/s: 50 % of the frames due were analysed (at least 95 % required); the analyses come 2.5 s late, and 4 s at 40 s',
  );
  expect(limits).toEqual([
    expect.stringMatching(
      /^the models: they analysed 100 of 200 frames\/s due\. That is 100 students at 1\/s without reserve/,
    ),
  ]);
});

test('late acknowledgements are attributed to the database, and a busy main process and a busy load generator to themselves', () => {
  const { limits, sentence } = judge({
    window: window({ ack: spread(3000), ownDelayMs: 120 }),
    span: span({ commitMs: 800, cores: 0.97 }),
  });
  expect(sentence).toContain('signals are acknowledged after 3 s');
  expect(limits).toEqual([
    'the database: a commit took 800 ms on average',
    expect.stringMatching(/^the main process: it used 97 % of a core/),
    expect.stringMatching(/^the machine that runs the students: its own timers were 120 ms late/),
  ]);
});

test('a frame rate lowered before the test is not attributed to the models', () => {
  const { limits } = judge({
    window: window({ framesAnalysed: 3000 }),
    points: [point(20, 100, { rateScale: 0.1 }), point(40, 100, { rateScale: 0.3 })],
    rateBefore: 0.1,
  });
  expect(limits).toEqual([
    expect.stringMatching(/^earlier load: the server requested 10 % of the policies' rates already/),
  ]);
});

test('each single exceeded limit fails the verdict', () => {
  const one = new Tally();
  one.drop(1006);
  const faulty = new Tally();
  faulty.error('rate_limited', 'too much');
  const cases: [Partial<Evidence>, string][] = [
    [{ tally: tally({ connects: 150 }) }, '50 of 200 students never connected'],
    [{ tally: Object.assign(one, { connects: 200 }) }, '1 connection ended unexpectedly'],
    [{ tally: Object.assign(faulty, { connects: 200 }) }, '1 error'],
    [{ tally: tally({ signalsAcked: 598 }) }, '2 of 600 signals were not acknowledged'],
    [{ hostRestarts: 1 }, 'the models were restarted once'],
    [{ visionOff: 'weights are missing' }, 'its models analyse nothing (weights are missing)'],
    [
      { window: window({ analysis: { count: 0, p50: null, p95: null, p99: null, max: null } }) },
      'not "99 of 100 analyses come within 1 s": none came',
    ],
    [{ advice: ['a limit of the server was reached 3 times: SOCKETS_PER_ADDRESS'] }, 'a limit was reached'],
  ];
  for (const [change, said] of cases) {
    const { ok, sentence } = judge(change);
    expect({ said, ok }).toEqual({ said, ok: false });
    expect(sentence).toContain(said);
  }
});

test('a steady phase that is too short or missing gives no verdict', () => {
  expect(judge({ window: undefined })).toMatchObject({
    ok: false,
    sentence: 'No verdict on 200 students at 1 frame/s: not everybody was connected when it ended.',
  });
  expect(judge({ window: window({ seconds: 2 }) })).toMatchObject({
    ok: false,
    sentence: 'No verdict on 200 students at 1 frame/s: only 2 s were measured.',
  });
});

test('a limit is reported with the setting that raises it', () => {
  expect(
    limitAdvice(
      new Map([
        ['connections', 0],
        ['connections_per_address', 7],
      ]),
    ),
  ).toEqual([expect.stringMatching(/^a limit of the server was reached 7 times: CONNECTIONS_PER_ADDRESS: .* --ramp$/)]);
  expect(limitAdvice(new Map([['of_a_later_version', 1]]))).toEqual([
    'a limit of the server was reached 1 time: of_a_later_version',
  ]);
  expect(
    refusalAdvice(
      new Map([
        ['429', 3],
        ['401', 1],
      ]),
    ),
  ).toEqual([expect.stringMatching(/^3 sockets were refused with 429: .*SOCKETS_PER_ADDRESS/)]);
  expect(refusalAdvice(new Map([['ECONNRESET', 2]]))).toEqual([expect.stringContaining('CONNECTIONS_PER_ADDRESS')]);
  expect(refusalAdvice(new Map())).toEqual([]);
});
