import { expect, test } from 'vitest';
import { session } from '../test/wire-fixtures.ts';
import { countByExam } from './exam-counts.ts';

test('only running sessions are counted, by exam', () => {
  const all = [
    session('a', { level: 'High' }),
    session('b', { connected: false }),
    session('c', { status: 'ended', level: 'High' }),
    session('d', { examId: 'f', level: 'Medium', status: 'paused' }),
  ];
  expect(countByExam(all)).toEqual({
    e: { running: 2, connected: 1, medium: 0, high: 1 },
    f: { running: 1, connected: 0, medium: 1, high: 0 },
  });
});
