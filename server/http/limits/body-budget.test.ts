import { expect, test } from 'vitest';
import { BodyBudget } from './body-budget.ts';

const MIB = 1024 * 1024;

test('one address has half of the memory for bodies, all have 256 MiB, and what is given back can be taken again', () => {
  const budget = new BodyBudget();
  budget.take('192.0.2.1', 128 * MIB);
  expect(() => budget.take('192.0.2.1', 1)).toThrow(expect.objectContaining({ code: 'unavailable', retryable: true }));
  budget.take('192.0.2.2', 100 * MIB);
  budget.take('192.0.2.3', 28 * MIB);
  expect(() => budget.take('192.0.2.4', 1)).toThrow(expect.objectContaining({ code: 'unavailable' }));
  budget.giveBack('192.0.2.1', 128 * MIB);
  budget.take('192.0.2.4', 128 * MIB);
  expect(budget.bytes).toBe(256 * MIB);
  for (const [address, bytes] of [
    ['192.0.2.2', 100],
    ['192.0.2.3', 28],
    ['192.0.2.4', 128],
  ] as const)
    budget.giveBack(address, bytes * MIB);
  expect(budget.bytes).toBe(0);
});
