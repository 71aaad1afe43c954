import { afterEach, expect, test, vi } from 'vitest';
import { LoginThrottle } from './login-throttle.ts';

afterEach(() => vi.useRealTimers());

const OWNER = 'owner@example.org';

async function tries(throttle: LoginThrottle, count: number, email: string, address: string): Promise<void> {
  for (let i = 0; i < count; i++) await throttle.check(email, address);
}

const limited = { name: 'ProtocolError', code: 'rate_limited', retryable: true };

test('the sixth try for an account from one address within 15 minutes is refused, and says when to come again', async () => {
  vi.useFakeTimers();
  const throttle = new LoginThrottle();
  await tries(throttle, 5, OWNER, '192.0.2.1');
  await expect(throttle.check(OWNER, '192.0.2.1')).rejects.toMatchObject({ ...limited, retryAfterSeconds: 900, message: 'too many tries; again in 15 min' });
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

test('it is never a lock: 15 minutes after the first try there are five again, however many were refused meanwhile', async () => {
  vi.useFakeTimers();
  const throttle = new LoginThrottle();
  await tries(throttle, 5, OWNER, '192.0.2.1');
  for (let minute = 1; minute < 15; minute++) {
    vi.advanceTimersByTime(60_000);
    await expect(throttle.check(OWNER, '192.0.2.1')).rejects.toMatchObject({ ...limited, retryAfterSeconds: (15 - minute) * 60 });
  }
  vi.advanceTimersByTime(60_000);
  await tries(throttle, 5, OWNER, '192.0.2.1');
  await expect(throttle.check(OWNER, '192.0.2.1')).rejects.toMatchObject(limited);
});

test('a try that was taken back does not count', async () => {
  const throttle = new LoginThrottle();
  await tries(throttle, 4, OWNER, '192.0.2.1');
  for (let i = 0; i < 20; i++) {
    await throttle.check(OWNER, '192.0.2.1');
    await throttle.takeBack(OWNER, '192.0.2.1');
  }
  await throttle.check(OWNER, '192.0.2.1');
  await expect(throttle.check(OWNER, '192.0.2.1')).rejects.toMatchObject(limited);
});

test('an IPv6 subscriber, who has addresses without number, is one', async () => {
  const throttle = new LoginThrottle();
  for (let i = 0; i < 5; i++) await throttle.check(OWNER, `2001:0db8:0000:0001:0000:0000:0000:000${i}`);
  await expect(throttle.check(OWNER, '2001:0db8:0000:0001:ffff:ffff:ffff:ffff')).rejects.toMatchObject(limited);
  await expect(throttle.check(OWNER, '2001:0db8:0000:0002:0000:0000:0000:0001')).resolves.toBeUndefined();
});
