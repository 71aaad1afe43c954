import { expect, test } from 'vitest';
import type { Event } from '../../protocol/events.ts';
import { requestNote } from './request-note.ts';

const event = (type: string, details: Record<string, unknown>, more: Partial<Event> = {}): Event => ({
  id: '0198f3a2-7b1c-7000-8000-000000000001',
  sessionId: '0198f3a2-7b1c-7000-8000-000000000002',
  seq: 1,
  type,
  source: 'connection',
  severity: 'info',
  weight: 0,
  startedAt: '2026-01-01T10:00:00.000Z',
  endedAt: '2026-01-01T10:00:10.000Z',
  durationMs: 10_000,
  confidence: null,
  details,
  review: null,
  ...more,
});

test('a head turn is told in words: side, what was seen, why nothing was, and whether it was asked twice', () => {
  expect(requestNote(event('CHALLENGE_ASKED', { direction: 'left', tries: 2, atRandom: true }))).toBe(
    'to the left · at a random time · asked a second time',
  );
  expect(requestNote(event('CHALLENGE_FAILED', { direction: 'up', seen: 'no_turn' }))).toBe(
    'up · the face was in view and did not turn',
  );
  expect(requestNote(event('CHALLENGE_NOT_SEEN', { direction: 'right', why: 'offline' }))).toBe(
    'to the right · the connection was lost',
  );
});

test('a look at the room says how long it was, or the words of the student who declined', () => {
  expect(requestNote(event('ROOM_LOOK', { result: 'shown', shownSeconds: 20.4 }))).toBe('shown for 20 seconds');
  expect(requestNote(event('ROOM_LOOK', { result: 'declined', studentReason: 'Others are here' }))).toBe(
    'declined by the student: “Others are here”',
  );
  expect(requestNote(event('ROOM_LOOK', {}, { endedAt: null }))).toBeUndefined();
});

test('a face check says what the person recorded, or that nothing was', () => {
  expect(requestNote(event('FACE_CHECK', { outcome: 'same', note: 'New glasses' }))).toBe('same person · New glasses');
  expect(requestNote(event('FACE_CHECK', {}))).toBe('no outcome recorded');
});

test('E8: codes that the server does not have, and events of a client, are told by nothing', () => {
  expect(requestNote(event('CHALLENGE_FAILED', { direction: 'toString', seen: 'constructor' }))).toBeUndefined();
  expect(requestNote(event('FACE_CHECK', { outcome: 'same' }, { source: 'client' }))).toBeUndefined();
  expect(requestNote(event('NO_FACE', { direction: 'left' }))).toBeUndefined();
});
