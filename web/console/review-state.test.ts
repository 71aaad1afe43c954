import { expect, test } from 'vitest';
import type { Review } from '../../protocol/http/reviews.ts';
import { event } from '../test/wire-fixtures.ts';
import { neighbour, nextUndecided, reviewable, undoOf } from './review-state.ts';

const review = (decision: Review['decision'], reason = 'a reason'): Review => ({
  id: 'r',
  eventId: 'e',
  sessionId: 's',
  decision,
  reason,
  by: { id: 'u', name: 'Pat' },
  at: '2026-01-01T10:00:00.000Z',
});

test('zero-weight events of other sources than vision are listed only on request', () => {
  const events = [
    event(3, { source: 'connection', weight: 0 }),
    event(2, { source: 'client', weight: 3 }),
    event(1, { weight: 0 }),
  ];
  expect(reviewable(events, false).map(({ seq }) => seq)).toEqual([1, 2]);
  expect(reviewable(events, true).map(({ seq }) => seq)).toEqual([1, 2, 3]);
});

test('next and previous stop at the ends of the list', () => {
  const events = [event(1), event(2), event(3)];
  expect(neighbour(events, undefined, 1)).toBe('event-1');
  expect(neighbour(events, 'event-1', 1)).toBe('event-2');
  expect(neighbour(events, 'event-3', 1)).toBe('event-3');
  expect(neighbour(events, 'event-1', -1)).toBe('event-1');
  expect(neighbour([], undefined, 1)).toBeUndefined();
});

test('after a decision, the next event without one is selected', () => {
  const events = [event(1), event(2, { review: 'confirmed' }), event(3, { review: 'dismissed' }), event(4)];
  expect(nextUndecided(events, 'event-1')).toBe('event-4');
  expect(nextUndecided(events, 'event-4')).toBe('event-1');
  expect(nextUndecided([event(1, { review: 'confirmed' })], 'event-1')).toBe('event-1');
});

test('an undo repeats the newest earlier decision that differs', () => {
  expect(undoOf([review('dismissed', 'a poster'), review('confirmed')])).toEqual({
    decision: 'confirmed',
    reason: 'Undone: dismissed by Pat (a poster)',
  });
  expect(undoOf([review('confirmed'), review('dismissed')])).toMatchObject({ decision: 'dismissed' });
  expect(undoOf([review('confirmed'), review('confirmed'), review('dismissed')])).toMatchObject({
    decision: 'dismissed',
  });
});

test('an undo of the first decision reopens the event, and an undo of that restores the decision', () => {
  expect(undoOf([review('dismissed', 'a poster')])).toEqual({
    decision: 'reopened',
    reason: 'Undone: dismissed by Pat (a poster)',
  });
  expect(undoOf([review('confirmed')])).toMatchObject({ decision: 'reopened' });
  expect(undoOf([review('confirmed'), review('confirmed')])).toMatchObject({ decision: 'reopened' });
  expect(undoOf([review('reopened'), review('dismissed')])).toMatchObject({ decision: 'dismissed' });
  expect(undoOf([review('dismissed'), review('reopened'), review('confirmed')])).toMatchObject({
    decision: 'reopened',
  });
});

test('without a decision there is nothing to undo', () => {
  expect(undoOf([])).toBeUndefined();
  expect(undoOf([review('reopened')])).toBeUndefined();
});
