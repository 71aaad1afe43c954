import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Level } from '../../protocol/event-types.ts';
import { session } from '../test/wire-fixtures.ts';
import { byUrgency, type Candidate, DWELL_MS, needsLook, QUEUE_LENGTH, type QueueEntry, stepQueue } from './queue.ts';

const candidate = (id: string, level: Level, rolling: number): Candidate => ({
  session: session(id, { level }),
  rolling,
});
const ids = (queue: readonly QueueEntry[]) => queue.map(({ id }) => id);

test('level comes before what happened lately', () => {
  const sorted = [
    candidate('m', 'Medium', 9),
    candidate('h1', 'High', 1),
    candidate('l', 'Low', 20),
    candidate('h2', 'High', 3),
  ].sort(byUrgency);
  expect(sorted.map((each) => each.session.id)).toEqual(['h2', 'h1', 'm', 'l']);
});

test('who is looked at leaves until their score rises', () => {
  const medium = session('a', { level: 'Medium', score: 6 });
  expect(needsLook(medium, undefined)).toBe(true);
  expect(needsLook(medium, 6)).toBe(false);
  expect(needsLook({ ...medium, score: 8 }, 6)).toBe(true);
  expect(needsLook({ ...medium, status: 'ended' }, undefined)).toBe(false);
});

test('an open incident is worth a look, a lost connection alone is not', () => {
  expect(needsLook(session('a', { open: ['NO_FACE'] }), undefined)).toBe(true);
  expect(needsLook(session('a', { open: ['CONNECTION_LOST'] }), undefined)).toBe(false);
  expect(needsLook(session('a'), undefined)).toBe(false);
});

test('an entry keeps its place for the dwell, then the most urgent comes first', () => {
  const first = stepQueue([], [candidate('a', 'Medium', 5)], 0);
  const urgent = [candidate('a', 'Medium', 5), candidate('b', 'High', 9)];
  const second = stepQueue(first, urgent, 1000);
  expect(ids(second)).toEqual(['a', 'b']);
  expect(ids(stepQueue(second, urgent, DWELL_MS - 1))).toEqual(['a', 'b']);
  // The second came a second later, and stays that much longer.
  expect(ids(stepQueue(second, urgent, DWELL_MS))).toEqual(['a', 'b']);
  expect(ids(stepQueue(second, urgent, DWELL_MS + 1000))).toEqual(['b', 'a']);
});

test('an entry that needs no look any more stays to be read, and goes then', () => {
  const queue = stepQueue([], [candidate('a', 'Medium', 5)], 0);
  expect(ids(stepQueue(queue, [], DWELL_MS - 1))).toEqual(['a']);
  expect(stepQueue(queue, [], DWELL_MS)).toEqual([]);
});

test('who leaves does not let those behind move before their time', () => {
  const queue: QueueEntry[] = [
    { id: 'old', since: 0 },
    { id: 'new', since: 5000 },
  ];
  const later = stepQueue(queue, [candidate('new', 'High', 1)], 7000);
  expect(ids(later)).toEqual(['old', 'new']);
  expect(ids(stepQueue(later, [candidate('new', 'High', 1)], 5000 + DWELL_MS))).toEqual(['new']);
});

test('nothing changes: the same queue', () => {
  const candidates = [candidate('a', 'High', 5), candidate('b', 'Medium', 5)];
  const queue = stepQueue([], candidates, 0);
  expect(stepQueue(queue, candidates, 60_000)).toBe(queue);
});

test('whatever happens, nobody stands twice, the queue is bounded, and nobody moves within the dwell', () => {
  const crowd = fc.uniqueArray(
    fc.record({
      id: fc.constantFrom(...'abcdefghijklmnopqrstuvw'),
      level: fc.constantFrom<Level>('Low', 'Medium', 'High'),
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
