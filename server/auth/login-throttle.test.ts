import { expect, test } from 'vitest';
import { LoginThrottle } from './login-throttle.ts';

const OWNER = 'owner@example.org';

async function tries(throttle: LoginThrottle, count: number, email: string, address: string): Promise<void> {
  for (let i = 0; i < count; i++) await throttle.check(email, address);
}

const limited = { name: 'ProtocolError', code: 'rate_limited', retryable: true };

test('the sixth try for an account from one address within 15 minutes is refused, and says when to come again', async () => {
  const throttle = new LoginThrottle();
  await tries(throttle, 5, OWNER, '192.0.2.1');
  await expect(throttle.check(OWNER, '192.0.2.1')).rejects.toMatchObject({ ...limited, message: expect.stringMatching(/again in 1[45] min/) });
});

test('nobody locks the owner out: from another address they still log in', async () => {
  const throttle = new LoginThrottle();
  await tries(throttle, 5, OWNER, '192.0.2.1');
  for (let i = 0; i < 50; i++) await expect(throttle.check(OWNER, '192.0.2.1')).rejects.toMatchObject(limited);
  await expect(throttle.check(OWNER, '198.51.100.7')).resolves.toBeUndefined();
});

test('another account from the same address is not held up: a class sits behind one', async () => {
  const throttle = new LoginThrottle();
  await tries(throttle, 5, OWNER, '192.0.2.1');
  await expect(throttle.check('other@example.org', '192.0.2.1')).resolves.toBeUndefined();
});

test('a login that succeeds forgets the tries before it', async () => {
  const throttle = new LoginThrottle();
  await tries(throttle, 4, OWNER, '192.0.2.1');
  await throttle.clear(OWNER, '192.0.2.1');
  await tries(throttle, 5, OWNER, '192.0.2.1');
  await expect(throttle.check(OWNER, '192.0.2.1')).rejects.toMatchObject(limited);
});

test('of many tries at once five are let through', async () => {
  const throttle = new LoginThrottle();
  const results = await Promise.allSettled(Array.from({ length: 40 }, () => throttle.check(OWNER, '192.0.2.1')));
  expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(5);
});
