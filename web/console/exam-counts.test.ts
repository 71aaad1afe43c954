import { expect, test } from 'vitest';
import { attention, session } from '../test/wire-fixtures.ts';
import { countByExam } from './exam-counts.ts';

test('only running sessions are counted, by exam, and paused ones are connected', () => {
  const all = [
    session('a', { attention: attention('high') }),
    session('b', { connected: false }),
    session('c', { status: 'ended', attention: attention('high') }),
    session('d', { examId: 'f', attention: attention('watch'), status: 'paused' }),
  ];
  expect(countByExam(all)).toEqual({
    e: { running: 2, connected: 1, watch: 0, high: 1 },
    f: { running: 1, connected: 1, watch: 1, high: 0 },
  });
});
