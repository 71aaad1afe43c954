import { expect, test } from 'vitest';
import { RegistrationThrottle } from './registration-throttle.ts';

const CLASSROOM = '192.0.2.1';

/** A throttle on a clock that the test sets; waiting attempts are admitted in order as it advances. */
function throttleAt0() {
  let now = 0;
  const waiting: { readonly at: number; readonly work: () => void }[] = [];
  const timers = {
    every: () => () => {},
    after: (ms: number, work: () => void) => {
      waiting.push({ at: now + ms, work });
      return () => {};
    },
  };
  const throttle = new RegistrationThrottle(timers, () => now);
  const admitted: number[] = [];
  const refused: unknown[] = [];
  return {
    admitted,
    refused,
    tries(count: number, address = CLASSROOM): void {
      for (let n = 0; n < count; n++)
        throttle.admit(address).then(
          () => admitted.push(now),
          (error: unknown) => refused.push(error),
        );
    },
    async advance(ms: number): Promise<void> {
      const until = now + ms;
      await new Promise((resolve) => setImmediate(resolve));
      for (const { at, work } of waiting.filter((each) => each.at <= until).sort((a, b) => a.at - b.at)) {
        now = at;
        work();
        await new Promise((resolve) => setImmediate(resolve));
      }
      now = until;
    },
  };
}

test('a class of 90 registering at the same instant is registered within 10 s, ten of them at once', async () => {
  const { admitted, refused, tries, advance } = throttleAt0();
  tries(90);
  await advance(10_000);
  expect([admitted.length, refused.length]).toEqual([90, 0]);
  expect(admitted.filter((at) => at === 0)).toHaveLength(10);
  for (let second = 0; second < 10; second++)
    expect(admitted.filter((at) => at > second * 1000 && at <= second * 1000 + 1000)).toHaveLength(8);
});

test('a request that would wait longer than 10 s is refused with Retry-After, and other networks are not affected', async () => {
  const { admitted, refused, tries, advance } = throttleAt0();
  tries(200);
  tries(1, '198.51.100.7');
  await advance(0);
  expect(admitted).toHaveLength(11);
  expect(refused).toHaveLength(110);
  expect(refused[0]).toMatchObject({ code: 'rate_limited', retryable: true, retryAfterSeconds: 1 });
});

test('an IPv6 /48 is one site', async () => {
  const { admitted, tries, advance } = throttleAt0();
  for (let n = 0; n < 20; n++) tries(1, `2001:0db8:0000:000${n % 10}:0000:0000:0000:0001`);
  await advance(0);
  expect(admitted).toHaveLength(10);
});

test('a site has a thousand attempts, then a hundred per hour', async () => {
  const { admitted, refused, tries, advance } = throttleAt0();
  for (let n = 0; n < 30; n++) {
    tries(80);
    await advance(10_000);
  }
  expect(admitted.length).toBeGreaterThanOrEqual(1000);
  expect(admitted.length).toBeLessThan(1020);
  const before = admitted.length;
  for (let n = 0; n < 6; n++) {
    await advance(10 * 60_000);
    tries(50);
    await advance(0);
  }
  expect(admitted.length - before).toBeGreaterThanOrEqual(60);
  expect(admitted.length - before).toBeLessThanOrEqual(101);
  expect(refused.length).toBeGreaterThan(0);
});
