import { expect, test } from 'vitest';
import type { SessionView } from '../../protocol/down.ts';
import type { Event } from '../../protocol/events.ts';
import { addEvents, applyMessage, EMPTY_WALL, inOrder, select } from './wall-state.ts';

const session = (id: string, more: Partial<SessionView> = {}): SessionView => ({
  id,
  examId: 'e',
  studentId: 's',
  studentName: 'Sam',
  status: 'active',
  connected: true,
  startedAt: '2026-01-01T10:00:00.000Z',
  deadline: null,
  endedAt: null,
  score: 0,
  rolling: 0,
  level: 'Low',
  open: [],
  lastFrameAt: null,
  offset: 0,
  ...more,
});
const event = (seq: number, more: Partial<Event> = {}): Event => ({
  id: `event-${seq}`,
  sessionId: 'a',
  seq,
  type: 'NO_FACE',
  source: 'vision',
  severity: 'medium',
  weight: 2,
  startedAt: '2026-01-01T10:00:00.000Z',
  endedAt: null,
  durationMs: null,
  confidence: 1,
  details: {},
  review: null,
  ...more,
});
const wall = applyMessage(EMPTY_WALL, { type: 'snapshot', sessions: [session('b'), session('a')] });

test('P1: a snapshot replaces what was there, and tiles stand in a fixed order', () => {
  expect(inOrder(wall.sessions).map(({ id }) => id)).toEqual(['a', 'b']);
  const riskier = applyMessage(wall, { type: 'risk', session: 'b', score: 12, rolling: 12, level: 'High' });
  expect(inOrder(riskier.sessions).map(({ id }) => id)).toEqual(['a', 'b']);
  expect(applyMessage(riskier, { type: 'snapshot', sessions: [session('c')] }).sessions.size).toBe(1);
});

test('a message changes the session that it names and no other', () => {
  const next = applyMessage(wall, { type: 'risk', session: 'b', score: 12, rolling: 11, level: 'High' });
  expect(next.sessions.get('b')).toMatchObject({ score: 12, rolling: 11, level: 'High' });
  expect(next.sessions.get('a')).toBe(wall.sessions.get('a'));
  expect(applyMessage(wall, { type: 'risk', session: 'unknown', score: 1, rolling: 1, level: 'Low' })).toBe(wall);
});

test('E2, P2: an incident is open from its first state to its last, and the offset follows', () => {
  const opened = applyMessage(wall, { type: 'event', offset: 4, event: event(1) });
  expect(opened.sessions.get('a')).toMatchObject({ open: ['NO_FACE'], offset: 4 });
  const closed = applyMessage(opened, { type: 'event', offset: 5, event: event(1, { endedAt: '2026-01-01T10:00:05.000Z', durationMs: 5000 }) });
  expect(closed.sessions.get('a')).toMatchObject({ open: [], offset: 5 });
});

test('events are kept of the selected session only, newest first, each once', () => {
  let state = select(wall, 'a');
  state = applyMessage(state, { type: 'event', offset: 2, event: event(2) });
  state = applyMessage(state, { type: 'event', offset: 1, event: event(1, { sessionId: 'b' }) });
  state = applyMessage(state, { type: 'event', offset: 3, event: event(2, { endedAt: '2026-01-01T10:00:09.000Z', durationMs: 9 }) });
  state = addEvents(state, 'a', [event(1), event(2, { durationMs: 1 })]);
  expect(state.events.map(({ seq, durationMs }) => [seq, durationMs])).toEqual([[2, 9], [1, null]]);
  expect(addEvents(state, 'b', [event(3)])).toBe(state);
});
