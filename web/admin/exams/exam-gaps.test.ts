import { expect, test } from 'vitest';
import { roomGaps } from './exam-gaps.tsx';

const room = (name: string | null, expected = 1) => ({
  room: name,
  expected,
  running: 0,
  checkedIn: 0,
  finished: 0,
  missing: expected,
  unexpected: 0,
});

test('a room with students needs a proctor of it or of the whole exam, and an assigned room needs students', () => {
  const rooms = [room('R8', 0), room('R9'), room(null)];
  expect(roomGaps({ rooms }, [{ role: 'proctor', room: 'R8' }])).toEqual({ unwatched: ['R9', null], empty: ['R8'] });
  expect(roomGaps({ rooms }, [{ role: 'reviewer', room: null }])).toEqual({ unwatched: ['R9', null], empty: [] });
  expect(roomGaps({ rooms }, [{ role: 'proctor', room: null }])).toEqual({ unwatched: [], empty: [] });
});
