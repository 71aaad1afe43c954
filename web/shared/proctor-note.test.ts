import { expect, test } from 'vitest';
import type { Event } from '../../protocol/events.ts';
import { proctorNote } from './proctor-note.ts';

const event = (fields: Partial<Event>): Event => ({
  id: '0198f3a2-7b1c-7000-8000-000000000001',
  sessionId: '0198f3a2-7b1c-7000-8000-000000000002',
  seq: 1,
  type: 'SESSION_EXTENDED',
  source: 'proctor',
  severity: 'info',
  weight: 0,
  startedAt: '2026-01-01T10:00:00.000Z',
  endedAt: '2026-01-01T10:00:00.000Z',
  durationMs: 0,
  confidence: null,
  details: {},
  review: null,
  ...fields,
});

test('an extension says how many minutes were added, and why if the proctor gave a reason', () => {
  expect(proctorNote(event({ details: { minutes: 15 } }))).toBe('15 minutes added');
  expect(proctorNote(event({ details: { minutes: 1, reason: 'Fire alarm' } }))).toBe('1 minute added · Fire alarm');
});

test("E8: details of a client's event are never shown as a proctor's note", () => {
  const details = { minutes: 15, text: 'You may use your notes', reason: 'Fire alarm' };
  expect(proctorNote(event({ source: 'client', details }))).toBeUndefined();
});

test('an action of a proctor without words has no note', () => {
  expect(proctorNote(event({ type: 'SESSION_RESUMED' }))).toBeUndefined();
});
