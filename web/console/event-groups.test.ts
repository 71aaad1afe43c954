import { describe, expect, test } from 'vitest';
import type { Event } from '../../protocol/events.ts';
import { event } from '../test/wire-fixtures.ts';
import { decidedTogether, groupEvents, isOpen, spanOf } from './event-groups.ts';

const at = (seq: number, seconds: number, more: Partial<Event> = {}) => {
  const startedAt = new Date(Date.UTC(2026, 0, 1, 10, 0, seconds)).toISOString();
  return event(seq, { type: 'TAB_SWITCH', source: 'client', startedAt, endedAt: startedAt, durationMs: 0, ...more });
};
const NONE = new Set<string>();
const ids = (events: readonly Event[]) => events.map(({ seq }) => seq);

describe('groups of events', () => {
  test('have one kind each, in order of their first event, whatever the order of the events', () => {
    const groups = groupEvents([at(4, 40), at(3, 30, { type: 'COPY' }), at(1, 10), at(2, 20, { type: 'COPY' })]);
    expect(groups.map(({ key, events }) => [key, ids(events)])).toEqual([
      ['client TAB_SWITCH', [1, 4]],
      ['client COPY', [2, 3]],
    ]);
  });

  test('keep the same type from another source apart', () => {
    expect(groupEvents([at(1, 1), at(2, 2, { source: 'vision' })])).toHaveLength(2);
  });

  test('have acts of staff last', () => {
    const groups = groupEvents([at(1, 1, { type: 'SESSION_PAUSED', source: 'proctor' }), at(2, 2)]);
    expect(groups.map(({ key }) => key)).toEqual(['client TAB_SWITCH', 'proctor SESSION_PAUSED']);
  });

  test('of no events are none', () => {
    expect(groupEvents([])).toEqual([]);
  });
});

describe('bursts', () => {
  test('end with two quiet minutes, counted from the end of the last event', () => {
    const long = at(2, 60, { endedAt: '2026-01-01T10:05:00.000Z', durationMs: 240_000 });
    const [group] = groupEvents([at(1, 0), long, at(3, 300 + 119), at(4, 300 + 119 + 120)]);
    expect(group?.bursts.map(({ events }) => ids(events))).toEqual([[1, 2, 3], [4]]);
  });

  test('count an incident that lasts as long as it has lasted', () => {
    const open = at(1, 0, { endedAt: null, durationMs: 200_000 });
    expect(groupEvents([open, at(2, 300)])[0]?.bursts).toHaveLength(1);
  });

  test('keep their key when later events arrive', () => {
    const [first, second, late] = [at(1, 0), at(2, 10), at(3, 500)];
    const keyOf = (events: readonly Event[]) => groupEvents(events)[0]?.bursts[0]?.key;
    expect(keyOf([first, second])).toBe(keyOf([first, second, late]));
  });
});

test('the span of events reaches from the first start to the last end', () => {
  const long = at(1, 0, { endedAt: '2026-01-01T10:09:00.000Z' });
  const { from, to } = spanOf([at(2, 30), long]);
  expect([new Date(from).toISOString(), new Date(to).toISOString()]).toEqual([
    '2026-01-01T10:00:00.000Z',
    '2026-01-01T10:09:00.000Z',
  ]);
});

describe('a decision about a group', () => {
  test('concerns its undecided events', () => {
    const events = [at(1, 1), at(2, 2, { review: 'confirmed' }), at(3, 3)];
    expect(ids(decidedTogether(events, NONE))).toEqual([1, 3]);
  });

  test('concerns all of them if all are decided', () => {
    const events = [at(1, 1, { review: 'dismissed' }), at(2, 2, { review: 'confirmed' })];
    expect(ids(decidedTogether(events, NONE))).toEqual([1, 2]);
  });

  test('never concerns acts of staff, nor events whose decision is being sent', () => {
    const events = [at(1, 1, { source: 'proctor' }), at(2, 2), at(3, 3)];
    expect(ids(decidedTogether(events, new Set(['event-2'])))).toEqual([3]);
    expect(ids(decidedTogether(events, new Set(['event-2', 'event-3'])))).toEqual([]);
    expect(isOpen(at(2, 2), new Set(['event-2']))).toBe(false);
  });
});
