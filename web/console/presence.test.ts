import { expect, test } from 'vitest';
import { session } from '../test/wire-fixtures.ts';
import { presence, timeLeft } from './presence.ts';

const T0 = Date.parse('2026-01-01T10:00:00.000Z');

test('the presence line shows the age of an old image', () => {
  expect(presence(session('a'), undefined, T0)).toBe('Connected · no image yet');
  expect(presence(session('a'), T0, T0 + 3000)).toBe('Connected · live image');
  expect(presence(session('a', { status: 'paused' }), T0, T0 + 80_000)).toBe('Paused · last image 1 min ago');
  const pausedAt = new Date(T0).toISOString();
  expect(presence(session('a', { status: 'paused', pausedAt }), T0, T0 + 130_000)).toBe(
    'Paused for 2 min · last image 2 min ago',
  );
  expect(presence(session('a', { connected: false }), T0, T0)).toBe('Not connected');
  expect(presence(session('a', { status: 'ended' }), T0, T0)).toBe('Ended');
});

test('remaining time is in minutes, and in seconds for the last five minutes', () => {
  const until = (minutes: number) => session('a', { deadline: new Date(T0 + minutes * 60_000).toISOString() });
  expect(timeLeft(until(59.5), T0)).toBe('1 hr left');
  expect(timeLeft(until(6.2), T0)).toBe('7 min left');
  expect(timeLeft(until(1.5), T0)).toBe('1 min 30 sec left');
  expect(timeLeft(until(-1), T0)).toBe('Time is up');
  expect(timeLeft(session('a'), T0)).toBe('No time limit');
  const paused = { ...until(10), status: 'paused', pausedAt: new Date(T0).toISOString() } as const;
  expect(timeLeft(paused, T0 + 3_600_000)).toBe('10 min left, clock stopped');
});
