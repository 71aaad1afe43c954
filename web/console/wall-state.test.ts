import { expect, test } from 'vitest';
import type { AttentionLevel } from '../../protocol/attention.ts';
import { attention, event, session } from '../test/wire-fixtures.ts';
import { applyMessages, byBeginning, type Sessions } from './wall-state.ts';

const NONE: Sessions = new Map();
const wall = applyMessages(NONE, [{ type: 'snapshot', sessions: [session('b'), session('a')] }]).sessions;
const risk = (id: string, score: number, level: AttentionLevel) =>
  ({ type: 'risk', session: id, score, rolling: score, level: 'High', attention: attention(level) }) as const;

test('a message changes only the session that it names', () => {
  const { sessions, changed } = applyMessages(wall, [risk('b', 12, 'high')]);
  expect(sessions.get('b')).toMatchObject({ score: 12, rolling: 12, level: 'High', attention: { level: 'high' } });
  expect(sessions.get('a')).toBe(wall.get('a'));
  expect([...changed]).toEqual(['b']);
  expect(applyMessages(wall, [risk('unknown', 1, 'calm')]).changed.size).toBe(0);
});

test('applying many messages together equals applying them one by one', () => {
  const messages = [
    risk('a', 3, 'calm'),
    risk('b', 6, 'watch'),
    risk('a', 11, 'high'),
    { type: 'session', session: session('c') } as const,
  ];
  const together = applyMessages(wall, messages);
  const single = messages.reduce((now, message) => applyMessages(now, [message]).sessions, wall);
  expect(together.sessions).toEqual(single);
  expect([...together.changed]).toEqual(['b', 'a', 'c']);
});

test('E2, P2: an incident is open from its first state to its last, and the offset follows', () => {
  const opened = applyMessages(wall, [{ type: 'event', offset: 4, event: event(1) }]).sessions;
  expect(opened.get('a')).toMatchObject({ open: ['NO_FACE'], offset: 4 });
  const closed = applyMessages(opened, [
    { type: 'event', offset: 5, event: event(1, { endedAt: '2026-01-01T10:00:05.000Z', durationMs: 5000 }) },
  ]).sessions;
  expect(closed.get('a')).toMatchObject({ open: [], offset: 5 });
});

test('what staff ask of a student is no open incident', () => {
  for (const type of ['CHALLENGE_ASKED', 'ROOM_LOOK', 'FACE_CHECK']) {
    const { sessions } = applyMessages(wall, [{ type: 'event', offset: 4, event: event(1, { type }) }]);
    expect(sessions.get('a')).toMatchObject({ open: [], offset: 4 });
  }
});

test('P1: a session missing from a later snapshot is kept as ended', () => {
  const { sessions } = applyMessages(wall, [
    { type: 'snapshot', sessions: [session('c'), session('b', { score: 2 })] },
  ]);
  expect(sessions.get('a')).toMatchObject({ status: 'ended', connected: false, open: [] });
  expect(sessions.get('b')).toMatchObject({ status: 'active', score: 2 });
  expect(sessions.size).toBe(3);
});

test('a removed session that has ended does not come back', () => {
  const ended = session('gone', { status: 'ended' });
  expect(applyMessages(wall, [{ type: 'session', session: ended }]).sessions.has('gone')).toBe(false);
  expect(
    applyMessages(wall, [{ type: 'session', session: session('a', { status: 'ended' }) }]).sessions.get('a')?.status,
  ).toBe('ended');
});

test('attention that becomes high raises one alert, and none for a session that was high at first sight', () => {
  const first = applyMessages(wall, [
    risk('a', 12, 'high'),
    { type: 'session', session: session('new', { attention: attention('high') }) },
  ]);
  expect(first.raised).toEqual(['a']);
  expect(applyMessages(first.sessions, [risk('a', 14, 'high')]).raised).toEqual([]);
});

test('the first sessions are ordered by start time', () => {
  const sessions = new Map(
    [session('x', { startedAt: '2026-01-01T10:00:02.000Z' }), session('b'), session('a')].map((each) => [
      each.id,
      each,
    ]),
  );
  expect(byBeginning(sessions)).toEqual(['a', 'b', 'x']);
});
