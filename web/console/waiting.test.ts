import { expect, test } from 'vitest';
import { byWaiting } from './waiting.ts';

const at = (second: number) => `2026-01-01T10:00:0${second}.000Z`;

test('hands come before messages, the longest raised first; then the most unread, then the earliest start', () => {
  const session = (name: string, hand: number | null, unread: number, start = 0) => ({
    name,
    startedAt: at(start),
    conversation: { hand: hand === null ? null : at(hand), unread },
  });
  const sessions = [
    session('one message', null, 1, 2),
    session('late hand', 5, 9),
    session('three messages', null, 3),
    session('early hand', 1, 0),
    session('one message, before', null, 1, 1),
  ];
  expect(sessions.toSorted(byWaiting).map(({ name }) => name)).toEqual([
    'early hand',
    'late hand',
    'three messages',
    'one message, before',
    'one message',
  ]);
});
