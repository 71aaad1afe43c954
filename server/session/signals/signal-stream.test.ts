import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SIGNAL_WINDOW } from '../../../protocol/signal-data.ts';
import { SignalStream } from './signal-stream.ts';

const digest = (seq: number) => `body ${seq}`;
const accept = (stream: SignalStream, seq: number, body = digest(seq)) => stream.accept(seq, body);

/** A stream that has taken `accepted` signals, the first `committed` of them stored. */
function streamWith(accepted: number, committed = accepted): SignalStream {
  const stream = new SignalStream('s');
  for (let seq = 1; seq <= accepted; seq++) {
    accept(stream, seq);
    if (seq <= committed) stream.commit(seq);
  }
  return stream;
}

const codeOf = (act: () => unknown) => {
  try {
    return act();
  } catch (error) {
    const { code, close, ref, retryable } = error as { code: string; close?: number; ref?: number; retryable: boolean };
    return { code, close, ref, retryable };
  }
};

describe('signal numbers of a stream', () => {
  test('begin at 1 and rise by one; a hole is refused and closes (S2)', () => {
    const stream = new SignalStream('s');
    expect(codeOf(() => accept(stream, 2))).toEqual({ code: 'bad_sequence', close: 4400, ref: 2, retryable: false });
    expect(accept(stream, 1)).toBe('new');
    expect(codeOf(() => accept(stream, 3))).toMatchObject({ code: 'bad_sequence' });
    expect(accept(stream, 2)).toBe('new');
  });

  test('that were seen are repetitions, committed or not (S4)', () => {
    const stream = streamWith(5, 3);
    for (let seq = 1; seq <= 5; seq++) expect(accept(stream, seq), String(seq)).toBe('repeat');
  });

  test('at most 64 may wait for their commit (S6)', () => {
    const stream = streamWith(SIGNAL_WINDOW + 10, 10);
    expect(codeOf(() => accept(stream, SIGNAL_WINDOW + 11))).toEqual({
      code: 'window_exceeded',
      close: 4429,
      ref: SIGNAL_WINDOW + 11,
      retryable: true,
    });
    stream.commit(11);
    expect(accept(stream, SIGNAL_WINDOW + 11)).toBe('new');
  });

  test('with another body are a conflict that leaves the connection, and the stream as it was (S5)', () => {
    const stream = streamWith(5, 3);
    for (const seq of [2, 5]) {
      expect(codeOf(() => accept(stream, seq, 'another'))).toEqual({
        code: 'sequence_conflict',
        close: undefined,
        ref: seq,
        retryable: false,
      });
      expect(accept(stream, seq)).toBe('repeat');
    }
    expect(accept(stream, 6)).toBe('new');
  });

  test('are remembered with their bodies for all that a client may still send', () => {
    const stream = streamWith(1000, 1000 - SIGNAL_WINDOW);
    for (let seq = 1001 - SIGNAL_WINDOW; seq <= 1000; seq++)
      expect(codeOf(() => accept(stream, seq, 'another'))).toMatchObject({ code: 'sequence_conflict' });
    expect(accept(stream, 1, 'forgotten long ago')).toBe('repeat');
  });

  test('continue after the last stored number (S1)', () => {
    const stream = new SignalStream(
      's',
      40,
      new Map([
        [40, digest(40)],
        [39, digest(39)],
      ]),
    );
    expect(stream.committed).toBe(40);
    expect(accept(stream, 40)).toBe('repeat');
    expect(codeOf(() => accept(stream, 39, 'another'))).toMatchObject({ code: 'sequence_conflict' });
    expect(accept(stream, 41)).toBe('new');
  });

  test('a commit that arrives late does not lower the mark (S3)', () => {
    const stream = streamWith(5, 0);
    stream.commit(4);
    stream.commit(2);
    expect(stream.committed).toBe(4);
  });
});

describe('any interleaving of sending, committing and resending', () => {
  const steps = fc.array(
    fc.oneof(
      { weight: 5, arbitrary: fc.constant({ do: 'send' as const, n: 0 }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('commit' as const), n: fc.integer({ min: 1, max: 20 }) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('resend' as const), n: fc.nat(80) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('jump' as const), n: fc.integer({ min: 2, max: 80 }) }) },
      { weight: 1, arbitrary: fc.constant({ do: 'restart' as const, n: 0 }) },
    ),
    { maxLength: 300 },
  );

  test('gives each number once, in order, and never more than 64 ahead of the commits (S2 S4 S6)', () => {
    fc.assert(
      fc.property(steps, (course) => {
        let stream = new SignalStream('s');
        /** What the write queue was given, and how much of it is stored. */
        let given: number[] = [];
        let stored = 0;
        for (const { do: act, n } of course) {
          if (act === 'send') {
            const result = codeOf(() => accept(stream, given.length + 1));
            if (given.length < stored + SIGNAL_WINDOW) expect(result).toBe('new');
            else expect(result).toMatchObject({ code: 'window_exceeded' });
            if (result === 'new') given.push(given.length + 1);
          } else if (act === 'commit') {
            stored = Math.min(given.length, stored + n);
            if (stored > 0) stream.commit(stored);
          } else if (act === 'resend') {
            for (let seq = Math.max(1, given.length - n); seq <= given.length; seq++)
              expect(accept(stream, seq)).toBe('repeat');
          } else if (act === 'jump') {
            expect(codeOf(() => accept(stream, given.length + n))).toMatchObject({
              code: expect.stringMatching(/^(bad_sequence|window_exceeded)$/),
            });
          } else {
            // The process dies: what was not stored is gone, and the stream is read back.
            given = given.slice(0, stored);
            stream = new SignalStream(
              's',
              stored,
              new Map(given.slice(-SIGNAL_WINDOW).map((seq) => [seq, digest(seq)])),
            );
          }
          expect(stream.committed).toBe(stored);
        }
        expect(given).toEqual(given.map((_, i) => i + 1));
      }),
      { numRuns: 300 },
    );
  });
});

describe('a stream that is held (S9)', () => {
  test('takes no new number, and says which one comes first', () => {
    const stream = streamWith(5, 3);
    expect(stream.hold()).toBe(6);
    expect([6, 7, 8, 4].map((seq) => accept(stream, seq))).toEqual(['held', 'held', 'held', 'repeat']);
    expect(stream.hold()).toBe(6);
    expect(codeOf(() => accept(stream, 3 + SIGNAL_WINDOW + 1))).toMatchObject({ code: 'window_exceeded' });
    expect(stream.go()).toBe(6);
  });

  test('skips numbers sent before the client received the hold, until the first one comes', () => {
    const stream = streamWith(5);
    stream.hold();
    stream.go();
    expect([8, 9].map((seq) => accept(stream, seq))).toEqual(['held', 'held']);
    expect([6, 7, 6, 8].map((seq) => accept(stream, seq))).toEqual(['new', 'new', 'repeat', 'new']);
    expect(codeOf(() => accept(stream, 10))).toMatchObject({ code: 'bad_sequence' });
  });

  test('is no longer held on a new connection', () => {
    const stream = streamWith(5);
    stream.hold();
    stream.reopen();
    expect(stream.isHeld).toBe(false);
    expect(accept(stream, 6)).toBe('new');
  });
});
