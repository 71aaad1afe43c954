import { expect, test } from 'vitest';
import { tellApart } from './use-organisations.ts';

const of = (id: string, name: string) => ({ id, name, createdAt: '2026-05-04T07:00:00.000Z' });

test('organisations of one name are told apart by the end of their ids, others keep their names', () => {
  const labels = tellApart([
    of('01a20128-b3ea-75c2-965a-5ede413d3d6b', 'Law'),
    of('01a20128-b3ea-75c2-965a-5ede00000001', 'law'),
    of('01a20128-b3ea-75c2-965a-5ede00000002', 'Medicine'),
  ]).map(({ label }) => label);
  expect(labels).toEqual(['Law (…413d3d6b)', 'law (…00000001)', 'Medicine']);
});
