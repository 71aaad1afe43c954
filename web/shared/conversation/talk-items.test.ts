import { expect, test } from 'vitest';
import type { Event } from '../../../protocol/events.ts';
import { talkItems } from './talk-items.ts';

const event = (seq: number, type: string, source: Event['source'], details: Event['details'] = {}): Event => ({
  id: `e${seq}`,
  sessionId: 's',
  seq,
  type,
  source,
  severity: 'info',
  weight: 0,
  startedAt: `2026-01-01T10:00:0${seq}.000Z`,
  endedAt: null,
  durationMs: null,
  confidence: null,
  details,
  review: null,
});

test('messages and hands of both sides in their order; an event that only sounds like them is none', () => {
  const events = [
    event(4, 'HAND_LOWERED', 'proctor', { by: 'p' }),
    event(1, 'STUDENT_MESSAGE', 'client', { data: { text: 'Help' } }),
    event(2, 'PROCTOR_MESSAGE', 'proctor', { by: 'p', text: 'Coming', deliveredAt: 'd' }),
    event(3, 'HAND_RAISED', 'client'),
    event(5, 'PROCTOR_MESSAGE', 'client', { text: 'Go home' }),
    event(6, 'TAB_SWITCH', 'client'),
  ];
  expect(talkItems(events, []).map(({ seq, kind, from, text }) => [seq, kind, from, text])).toEqual([
    [1, 'message', 'student', 'Help'],
    [2, 'message', 'staff', 'Coming'],
    [3, 'hand_raised', 'student', null],
    [4, 'hand_lowered', 'staff', null],
  ]);
});

test('a loaded list adds names and marks that no event told, and loses none that an event told', () => {
  const written = event(2, 'PROCTOR_MESSAGE', 'proctor', { by: 'p', text: 'Coming' });
  const [item] = talkItems([written], []);
  const named = { ...item, staff: { id: 'p', name: 'Grace' }, deliveredAt: 'd' };
  expect(talkItems([written], [named])).toEqual([named]);
  // Of a person who is known, also in what came later.
  const later = event(3, 'HAND_LOWERED', 'proctor', { by: 'p' });
  expect(talkItems([written, later], [named])[1]).toMatchObject({ staff: { id: 'p', name: 'Grace' } });
  const read = { ...written, details: { ...written.details, readAt: 'r' } };
  expect(talkItems([read], [named])).toEqual([{ ...named, readAt: 'r' }]);
});
