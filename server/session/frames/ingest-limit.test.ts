import { describe, expect, test } from 'vitest';
import { IngestLimit } from './ingest-limit.ts';

/** Frames at a steady rate for some seconds. @returns how many were admitted, and when the gate gave up (seconds) */
function pour(
  gate: IngestLimit,
  fps: number,
  seconds: number,
  from = 0,
): { admitted: number; gaveUpAt: number | undefined; error: unknown } {
  let admitted = 0;
  for (let i = 0; i < fps * seconds; i++) {
    const now = from + (i * 1000) / fps;
    try {
      if (gate.admit(now)) admitted += 1;
    } catch (error) {
      return { admitted, gaveUpAt: (now - from) / 1000, error };
    }
  }
  return { admitted, gaveUpAt: undefined, error: undefined };
}

describe('the ingest limit (F7)', () => {
  test.each([0.2, 0.5, 1, 2, 5, 15])('%d frames per second at that rate are all accepted for ten minutes', (fps) => {
    expect(pour(new IngestLimit(fps, 0), fps, 600).admitted).toBe(Math.ceil(fps * 600));
  });

  test('accepts frames that the network bunches', () => {
    const gate = new IngestLimit(2, 0);
    for (let second = 0; second < 120; second++) {
      expect([gate.admit(second * 1000), gate.admit(second * 1000 + 5)]).toEqual([true, true]);
    }
  });

  test.each([3, 4, 5.9])(
    'at 2 a second, of %d a second only a little more than 2 pass, and the socket stays',
    (fps) => {
      const { admitted, gaveUpAt } = pour(new IngestLimit(2, 0), fps, 600);
      expect(gaveUpAt).toBeUndefined();
      expect(admitted).toBeGreaterThanOrEqual(2 * 600);
      expect(admitted).toBeLessThanOrEqual(2.5 * 600 + 2);
    },
  );
});

describe('a flood of frames (F7)', () => {
  test.each([7, 20, 200])('%d per second instead of 2 are refused after ten seconds, and not before', (fps) => {
    const { gaveUpAt, error } = pour(new IngestLimit(2, 0), fps, 30);
    expect(gaveUpAt).toBeGreaterThanOrEqual(10);
    expect(gaveUpAt).toBeLessThan(12);
    expect(error).toMatchObject({ name: 'ProtocolError', code: 'too_many_frames', close: 4429, retryable: true });
  });

  test('for nine seconds with a quiet second after it is accepted, again and again', () => {
    const gate = new IngestLimit(2, 0);
    for (let round = 0; round < 5; round++) {
      expect(pour(gate, 50, 9, round * 12_000).gaveUpAt).toBeUndefined();
      pour(gate, 2, 2, round * 12_000 + 9000);
    }
  });

  test('is forgotten after a pause: the client may come back', () => {
    const gate = new IngestLimit(2, 0);
    expect(pour(gate, 50, 30).gaveUpAt).toBeDefined();
    expect(pour(gate, 2, 60, 40_000)).toMatchObject({ gaveUpAt: undefined, admitted: 120 });
  });
});

describe('the ingest limit after a change of rate', () => {
  test('a lower rate applies after three seconds, so that the client can follow', () => {
    const gate = new IngestLimit(4, 0);
    pour(gate, 4, 10);
    gate.setRate(1, 10_000);
    expect(pour(gate, 4, 3, 10_000).admitted).toBe(12);
    expect(pour(gate, 4, 60, 13_000).admitted).toBeLessThanOrEqual(1.25 * 60 + 4);
  });

  test('a higher rate applies at once', () => {
    const gate = new IngestLimit(1, 0);
    pour(gate, 1, 10);
    gate.setRate(5, 10_000);
    expect(pour(gate, 5, 60, 10_000).admitted).toBeGreaterThanOrEqual(295);
  });

  test('a rate that is lowered and raised again within three seconds never applies', () => {
    const gate = new IngestLimit(4, 0);
    gate.setRate(1, 0);
    gate.setRate(4, 1000);
    expect(pour(gate, 4, 60, 1000).admitted).toBe(240);
  });
});

test('a clock that is set back by an hour refuses no frame', () => {
  const gate = new IngestLimit(2, 3_600_000);
  pour(gate, 2, 10, 3_600_000);
  expect(pour(gate, 2, 60, 10_000).admitted).toBeGreaterThanOrEqual(118);
});
