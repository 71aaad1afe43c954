import { expect, test } from 'vitest';
import type { Review } from '../../protocol/http/reviews.ts';
import { event } from '../test/wire-fixtures.ts';
import { newestActOf, reviewable, seenAs, undoOf } from './review-state.ts';

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

test('the last act of a person is undone: not that of another, not an undo, and not one that is undone', () => {
  const made = (id: string, by: string, more: Partial<Review> = {}): Review => ({
    ...review('dismissed'),
    id,
    by: { id: by, name: by },
    ...more,
  });
  const [first, group] = [made('1', 'pat'), made('2', 'pat', { act: 'group' })];
  const [second, other] = [made('3', 'pat', { act: 'group' }), made('4', 'kim')];
  expect(newestActOf([other, second, group, first], 'pat')).toBe('group');
  const undo = made('5', 'pat', { act: 'undo', undoes: 'group' });
  expect(newestActOf([undo, other, second, group, first], 'pat')).toBe('1');
  expect(
    newestActOf([made('6', 'pat', { act: 'again', undoes: '1' }), undo, second, group, first], 'pat'),
  ).toBeUndefined();
  expect(newestActOf([other], 'pat')).toBeUndefined();
});

test('a group decision names its events by the decision that is seen on them', () => {
  expect(seenAs([event(1), event(2, { review: 'dismissed' }), event(3), event(4, { review: 'confirmed' })])).toEqual({
    undecided: ['event-1', 'event-3'],
    confirmed: ['event-4'],
    dismissed: ['event-2'],
  });
});
