import { expect, test } from 'vitest';
import { Latencies } from '../../simulator/latencies.ts';
import type { Window } from '../../simulator/measure.ts';
import type { BenchResult } from '../benchmark.ts';
import { mergeLoads } from './merge.ts';
import { type LoadPart, partOf } from './part.ts';

const BEGAN = Date.parse('2026-01-01T10:00:00Z');

/** @param ms each analysis and acknowledgement took */
function windowOf(ms: readonly number[], change: Partial<Window> = {}): Window {
  const latencies = new Latencies();
  for (const one of ms) latencies.record(one);
  const [spread, { buckets }] = [latencies.spread(), latencies];
  return {
    beganAt: BEGAN,
    seconds: 60,
    framesSent: ms.length,
    framesAnalysed: ms.length,
    framesDue: ms.length,
    signalsAcked: ms.length,
    analysis: spread,
    ack: spread,
    buckets: { analysis: buckets, ack: buckets },
    ownDelayMs: 1,
    server: undefined,
    ...change,
  };
}

let runs = 0;

/** As read from a file. */
function part(window: Window | undefined, change: Partial<LoadPart> = {}): LoadPart {
  const evidence = {
    students: 100,
    fps: 1,
    tally: { connects: 100, signalsSent: 50, signalsAcked: 50, errorCount: 0, dropCount: 0 },
    window,
    points: [],
    span: undefined,
    rateBefore: 1,
    hostRestarts: 0,
    advice: [],
    visionOff: undefined,
  };
  const made = { ...partOf(evidence, { run: `run-${++runs}`, url: 'http://server:8080' }), ...change };
  return JSON.parse(JSON.stringify(made)) as LoadPart;
}

const of = ({ figures }: BenchResult, name: string) => figures.find((figure) => figure.name === name)?.value;
const sentenceOf = ({ more }: BenchResult) => (more!['verdict'] as { sentence: string }).sentence;
/** From `from` on, one each millisecond. */
const times = (count: number, from: number) => Array.from({ length: count }, (_, i) => from + i);

test('percentiles of several machines are those of all values, not means of percentiles', () => {
  // 99 of 100 values are quick, so the 99th percentile is, too; the mean of both percentiles would be 500.
  const merged = mergeLoads([part(windowOf(times(990, 1))), part(windowOf(times(10, 2000)))]);
  const all = new Latencies();
  for (const ms of [...times(990, 1), ...times(10, 2000)]) all.record(ms);
  expect(of(merged, 'send to analysis, p99')).toBeCloseTo(all.spread().p99!, 0);
  expect(of(merged, 'signal to acknowledgement, p50')).toBeCloseTo(all.spread().p50!, 0);
  expect(of(merged, 'send to analysis, max')).toBeGreaterThan(2000);
});

test('students, rates and faults are added up, also of periods of different lengths', () => {
  const merged = mergeLoads([
    part(windowOf(times(600, 1))),
    part(windowOf(times(300, 1), { seconds: 30 }), {
      tally: { connects: 99, signalsSent: 50, signalsAcked: 49, errorCount: 2, dropCount: 1 },
    }),
  ]);
  expect(of(merged, 'students')).toBe(200);
  expect(of(merged, 'frames analysed')).toBeCloseTo(20, 3);
  expect(merged.ok).toBe(false);
  expect(sentenceOf(merged)).toMatch(/does not handle 200 students at 1 frame\/s: 1 of 200 students never connected/);
  expect(sentenceOf(merged)).toContain('1 of 100 signals were not acknowledged');
});

test('a load that every machine carried is carried, with the verdict of one machine', () => {
  const merged = mergeLoads([part(windowOf(times(100, 1))), part(windowOf(times(100, 1)))]);
  expect(merged.ok).toBe(true);
  expect(sentenceOf(merged)).toMatch(/^This server handles 200 students at 1 frame\/s: 100 % of the frames due/);
  expect(merged.text).toContain('the machines measured at the same time');
});

test('runs one after the other give no verdict', () => {
  const merged = mergeLoads([
    part(windowOf(times(100, 1))),
    part(windowOf(times(100, 1), { beganAt: BEGAN + 45_000 })),
  ]);
  expect(merged.ok).toBe(false);
  expect(sentenceOf(merged)).toMatch(/^No verdict: the machines measured 15.0 s together/);
  const apart = mergeLoads([
    part(windowOf(times(100, 1))),
    part(windowOf(times(100, 1), { beganAt: BEGAN + 3_600_000 })),
  ]);
  expect(sentenceOf(apart)).toMatch(/never together/);
});

test('a machine without a measured period leaves no verdict', () => {
  const merged = mergeLoads([part(windowOf(times(100, 1))), part(undefined)]);
  expect(merged.ok).toBe(false);
  expect(sentenceOf(merged)).toMatch(/^No verdict on 200 students/);
});

test('runs of other servers, other rates, and the same run twice are refused', () => {
  const one = part(windowOf(times(10, 1)));
  expect(() => mergeLoads([one, one])).toThrow('a run is given twice');
  expect(() => mergeLoads([one, part(windowOf(times(10, 1)), { url: 'http://other' })])).toThrow('several servers');
  expect(() => mergeLoads([one, part(windowOf(times(10, 1)), { fps: 5 })])).toThrow('several rates');
});
