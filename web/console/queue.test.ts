import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ATTENTION_LEVELS, type AttentionLevel } from '../../protocol/attention.ts';
import { attention, session } from '../test/wire-fixtures.ts';
import {
  byUrgency,
  type Candidate,
  DWELL_MS,
  needsAttention,
  QUEUE_LENGTH,
  type QueueEntry,
  stepQueue,
} from './queue.ts';

const candidate = (id: string, level: AttentionLevel, rolling: number): Candidate => ({
  session: session(id, { attention: attention(level) }),
  rolling,
});
const ids = (queue: readonly QueueEntry[]) => queue.map(({ id }) => id);

test('the queue is ordered by attention before recent risk', () => {
  const sorted = [
    candidate('m', 'watch', 9),
    candidate('h1', 'high', 1),
    candidate('l', 'calm', 20),
    candidate('h2', 'high', 3),
  ].sort(byUrgency);
  expect(sorted.map((each) => each.session.id)).toEqual(['h2', 'h1', 'm', 'l']);
});

test('a session that somebody has seen leaves the queue', () => {
  const watched = session('a', { attention: attention('watch', 20) });
  expect(needsAttention(watched, false)).toBe(true);
  expect(needsAttention(watched, true)).toBe(false);
  expect(needsAttention({ ...watched, status: 'ended' }, false)).toBe(false);
  const { attention: _attention, ...older } = watched;
  expect(needsAttention(older, false)).toBe(false);
});

test('an open incident needs attention, a lost connection alone does not', () => {
  expect(needsAttention(session('a', { open: ['NO_FACE'] }), false)).toBe(true);
  expect(needsAttention(session('a', { open: ['CONNECTION_LOST'] }), false)).toBe(false);
  expect(needsAttention(session('a'), false)).toBe(false);
});

test('an entry keeps its place for the dwell time, then the most urgent comes first', () => {
  const first = stepQueue([], [candidate('a', 'watch', 5)], 0);
  const urgent = [candidate('a', 'watch', 5), candidate('b', 'high', 9)];
  const second = stepQueue(first, urgent, 1000);
  expect(ids(second)).toEqual(['a', 'b']);
  expect(ids(stepQueue(second, urgent, DWELL_MS - 1))).toEqual(['a', 'b']);
  // The second entry came one second later, and its dwell time ends one second later.
  expect(ids(stepQueue(second, urgent, DWELL_MS))).toEqual(['a', 'b']);
  expect(ids(stepQueue(second, urgent, DWELL_MS + 1000))).toEqual(['b', 'a']);
});

test('an entry that no longer needs attention stays for the dwell time, then leaves', () => {
  const queue = stepQueue([], [candidate('a', 'watch', 5)], 0);
  expect(ids(stepQueue(queue, [], DWELL_MS - 1))).toEqual(['a']);
  expect(stepQueue(queue, [], DWELL_MS)).toEqual([]);
});

test('a leaving entry keeps its place while one behind it is within its dwell time', () => {
  const queue: QueueEntry[] = [
    { id: 'old', since: 0 },
    { id: 'new', since: 5000 },
  ];
  const later = stepQueue(queue, [candidate('new', 'high', 1)], 7000);
  expect(ids(later)).toEqual(['old', 'new']);
  expect(ids(stepQueue(later, [candidate('new', 'high', 1)], 5000 + DWELL_MS))).toEqual(['new']);
});

test('unchanged candidates leave the same queue object', () => {
  const candidates = [candidate('a', 'high', 5), candidate('b', 'watch', 5)];
  const queue = stepQueue([], candidates, 0);
  expect(stepQueue(queue, candidates, 60_000)).toBe(queue);
});

test('for any input, the queue has no duplicates, is bounded, and moves no entry within its dwell time', () => {
  const crowd = fc.uniqueArray(
    fc.record({
      id: fc.constantFrom(...'abcdefghijklmnopqrstuvw'),
      level: fc.constantFrom(...ATTENTION_LEVELS),
      rolling: fc.integer({ min: 0, max: 20 }),
    }),
    { selector: ({ id }) => id },
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(crowd, fc.integer({ min: 100, max: 4000 })), { maxLength: 30 }), (steps) => {
      let queue: readonly QueueEntry[] = [];
      let now = 0;
      for (const [who, wait] of steps) {
        now += wait;
        const next = stepQueue(
          queue,
          who.map(({ id, level, rolling }) => candidate(id, level, rolling)),
          now,
        );
        expect(new Set(ids(next)).size).toBe(next.length);
        expect(next.length).toBeLessThanOrEqual(QUEUE_LENGTH);
        queue.forEach((entry, place) => {
          if (now - entry.since < DWELL_MS) expect(next[place]).toEqual(entry);
        });
        queue = next;
      }
    }),
  );
});
