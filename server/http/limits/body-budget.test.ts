import { expect, test } from 'vitest';
import { BodyBudget } from './body-budget.ts';

const MIB = 1024 * 1024;

test('bodies of all addresses may hold 256 MiB, of one address half of it, and released memory is reused', () => {
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
