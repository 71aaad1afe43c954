import { beforeEach, describe, expect, test } from 'vitest';
import { LoginThrottle, type LoginTry } from './login-throttle.ts';

const OWNER = 'owner@example.org';
const ATTACKED = '192.0.2.1';
const ELSEWHERE = '198.51.100.7';
const DEVICE = Buffer.alloc(16, 7);
const limited = expect.objectContaining({ name: 'ProtocolError', code: 'rate_limited', retryable: true });

let now = 0;
let throttle: LoginThrottle;
let guesses = 0;
beforeEach(() => {
  now = 0;
  throttle = new LoginThrottle(() => now);
});

const by = (more: Partial<LoginTry> = {}): LoginTry => ({
  email: OWNER,
  address: ATTACKED,
  password: `guess ${++guesses}`,
  ...more,
});

/** A wrong password. @returns whether it was checked */
function wrong(more: Partial<LoginTry> = {}): boolean {
  try {
    const attempt = throttle.begin(by(more));
    attempt.admit();
    attempt.failed(undefined);
    return true;
  } catch {
    return false;
  }
}

/** Retry-After of a refused attempt, seconds; 0: not refused. */
function refusedFor(more: Partial<LoginTry>): number {
  try {
    throttle.begin(by(more)).notLookedAt();
    return 0;
  } catch (error) {
    return (error as { retryAfterSeconds: number }).retryAfterSeconds;
  }
}

/** Networks of one IPv6 /48. */
const networkOfSite = (index: number) => `2001:0db8:0000:${index.toString(16).padStart(4, '0')}:0000:0000:0000:0001`;

const right = (more: Partial<LoginTry> = {}) => {
  const attempt = throttle.begin(by({ password: 'right', ...more }));
  attempt.admit();
  attempt.succeeded();
};

const lookedAt = (count: number, more: (index: number) => Partial<LoginTry>) =>
  Array.from({ length: count }, (_, index) => wrong(more(index))).filter(Boolean).length;

describe('attempts on one account from one network', () => {
  test('after five failures the next attempt waits 5 s, then longer, up to a minute', () => {
    expect(lookedAt(40, () => ({}))).toBe(5);
    const waits: number[] = [];
    for (let tries = 0; tries < 6; tries++) {
      const from = now;
      while (!wrong()) now += 1000;
      waits.push((now - from) / 1000);
    }
    expect(waits).toEqual([5, 10, 20, 40, 60, 60]);
  });

  test('the owner can log in from the attacked address within 5 s, and from another address at once', () => {
    lookedAt(40, () => ({}));
    expect(() => right()).toThrow(
      expect.objectContaining({
        code: 'rate_limited',
        retryAfterSeconds: 5,
        message: 'too many attempts; retry in 5 s',
      }),
    );
    right({ address: ELSEWHERE });
    now += 5000;
    right();
  });

  test('of many concurrent attempts five are checked', () => {
    const begun = Array.from({ length: 40 }, () => {
      try {
        return throttle.begin(by());
      } catch {
        return undefined;
      }
    });
    expect(begun.filter(Boolean)).toHaveLength(5);
  });

  test('a successful login resets the failures; an unchecked attempt does not count', () => {
    lookedAt(4, () => ({}));
    right();
    for (let i = 0; i < 20; i++) throttle.begin(by()).notLookedAt();
    expect(lookedAt(40, () => ({}))).toBe(5);
  });

  test('failures are forgotten after 15 min without an attempt', () => {
    lookedAt(40, () => ({}));
    now += 15 * 60_000;
    expect(lookedAt(40, () => ({}))).toBe(5);
  });

  test('all addresses of an IPv6 /64 count as one', () => {
    expect(lookedAt(9, (index) => ({ address: `2001:0db8:0000:0001:0000:0000:0000:000${index}` }))).toBe(5);
  });

  test('a refusal names the targeted account once it is known', () => {
    for (let i = 0; i < 5; i++) throttle.begin(by()).failed('id of the owner');
    expect(() => throttle.begin(by())).toThrow(
      expect.objectContaining({ refusal: { kind: 'login_throttled', target: 'id of the owner' } }),
    );
  });
});

describe('a device that logged in before', () => {
  test('is counted separately: the owner can log in during an attack from the same address', () => {
    for (let minute = 0; minute < 60; minute++) {
      lookedAt(200, (index) => (index % 2 ? {} : { email: `${minute}-${index}@example.org` }));
      right({ deviceKey: DEVICE });
      now += 60_000;
    }
  });

  test('is limited, too, and its failures do not affect others', () => {
    expect(lookedAt(40, () => ({ deviceKey: DEVICE }))).toBe(5);
    right();
  });

  test('is counted separately from other devices of the account', () => {
    lookedAt(40, () => ({ deviceKey: DEVICE }));
    right({ deviceKey: Buffer.alloc(16, 8) });
  });
});

describe('attempts from one network', () => {
  test('one password sprayed on 150 accounts is blocked after ten, and other passwords are not delayed', () => {
    expect(lookedAt(150, (index) => ({ email: `student-${index}@example.org`, password: 'Summer2026!' }))).toBe(10);
    right();
    expect(() => right({ email: 'student-99@example.org', password: 'Summer2026!' })).toThrow(limited);
    now += 15 * 60_000;
    right({ email: 'student-99@example.org', password: 'Summer2026!' });
  });

  test('a shared initial password of a class does not count as spraying', () => {
    for (let i = 0; i < 10; i++) wrong({ email: `typo-${i}@example.org`, password: 'class of 2026' });
    now += 1;
    expect(() => right({ email: 'student@example.org', password: 'class of 2026' })).toThrow(limited);
    right({ email: 'student@example.org', password: 'class of 2026', deviceKey: DEVICE });
    right({ email: 'other@example.org', password: 'class of 2026' });
  });

  test('guessing on 300 accounts: five attempts each for the first hundred, one each afterwards, then waits of a minute or more', () => {
    expect(lookedAt(1500, (index) => ({ email: `student-${index % 300}@example.org` }))).toBe(300);
    const again = () => lookedAt(300, (index) => ({ email: `student-${index}@example.org` }));
    now += 59_000;
    expect(again()).toBeLessThan(10);
    now += 1000;
    expect(again()).toBeGreaterThan(280);
    now += 60_000;
    expect(again()).toBeLessThan(10);
  });

  test('during an attack on made-up accounts, a first-time user can log in at once, and after a mistake once the announced wait is over', () => {
    const more = () => ({ email: `made-up-${++guesses}@example.org` });
    const passes = (seconds: number) => {
      for (let second = 0; second < seconds; second += 10) lookedAt(20, more);
      now += seconds * 1000;
      lookedAt(20, more);
    };
    passes(600);
    right({ email: 'never-here@example.org' });
    const told: number[] = [];
    for (let mistakes = 0; mistakes < 4; mistakes++) {
      expect(wrong({ email: 'mistypes@example.org' })).toBe(true);
      told.push(refusedFor({ email: 'mistypes@example.org' }));
      passes(told.at(-1)!);
    }
    expect(Math.max(...told)).toBeLessThanOrEqual(15 * 60);
    expect(told.every((seconds) => seconds > 0)).toBe(true);
    right({ email: 'mistypes@example.org' });
  });

  test('with the budget spent, one of many concurrent first attempts on an account is checked', () => {
    lookedAt(100, (index) => ({ email: `made-up-${index}@example.org` }));
    const begun = Array.from({ length: 20 }, () => {
      try {
        return throttle.begin(by());
      } catch {
        return undefined;
      }
    });
    expect(begun.filter(Boolean)).toHaveLength(1);
  });

  test('an attempt that waited for its Retry-After and then met a full queue does not wait again', () => {
    lookedAt(100, (index) => ({ email: `made-up-${index}@example.org` }));
    wrong();
    now += 60_000;
    lookedAt(100, (index) => ({ email: `more-${index}@example.org` }));
    throttle.begin(by()).notLookedAt();
    right();
  });

  test('accounts that logged in from the network before are counted separately', () => {
    right();
    lookedAt(300, (index) => ({ email: `made-up-${index}@example.org` }));
    expect(lookedAt(5, () => ({}))).toBe(5);
  });

  test('500 students logging in within five minutes are never delayed, with one typing error in five', () => {
    for (let i = 0; i < 500; i++) {
      const email = `student-${i}@example.org`;
      if (i % 5 === 0) expect(wrong({ email })).toBe(true);
      right({ email, password: `password of ${i}` });
      now += 600;
    }
  });

  test('an IPv6 /48 with 65,536 networks counts as one site per account and has at most four budgets', () => {
    expect(lookedAt(1000, (index) => ({ address: networkOfSite(index) }))).toBe(5);
    lookedAt(400, (index) => ({ address: networkOfSite(index), email: `student-${index}@example.org` }));
    expect(lookedAt(1000, (index) => ({ address: networkOfSite(index), email: 'another@example.org' }))).toBe(1);
  });
});

describe('attempts on one account from all networks', () => {
  const address = (index: number) => `10.${index >> 8}.${index & 255}.1`;

  test('after 100 failures each further network gets one attempt, and about 30 a day', () => {
    expect(lookedAt(600, (index) => ({ address: address(index % 300) }))).toBe(300);
    const more = { address: '10.99.0.1' };
    let looks = 0;
    for (let minute = 0; minute < 24 * 60; minute++) {
      lookedAt(3, (index) => ({ address: `10.${100 + (minute >> 8)}.${minute & 255}.${index}` }));
      if (wrong(more)) looks++;
      now += 60_000;
    }
    expect(looks).toBeLessThanOrEqual(30);
    expect(looks).toBeGreaterThan(20);
  });

  test('the owner can log in from an unused network, however many others are guessing', () => {
    lookedAt(3000, (index) => ({ address: address(index) }));
    right({ address: ELSEWHERE });
  });

  test('one IPv6 /48 cannot use up the budget', () => {
    for (let minute = 0; minute < 60; minute++) {
      lookedAt(200, (index) => ({ address: networkOfSite(index) }));
      now += 60_000;
    }
    expect(lookedAt(5, () => ({ address: ELSEWHERE }))).toBe(5);
  });

  test('the owner can log in from a known network, and from anywhere with a known device', () => {
    right({ address: ELSEWHERE });
    lookedAt(300, (index) => ({ address: address(index) }));
    right({ address: ELSEWHERE });
    right({ address: '203.0.113.1', deviceKey: DEVICE });
  });

  test('one network cannot use up the budget', () => {
    for (let hour = 0; hour < 3600; hour++) {
      wrong();
      now += 1000;
    }
    right({ address: ELSEWHERE });
  });
});

test('the throttle holds a bounded number of entries', () => {
  throttle = new LoginThrottle(() => now, 100);
  for (let i = 0; i < 300; i++) wrong({ email: `${i}@example.org`, address: `10.1.${i >> 8}.${i & 255}` });
  expect(throttle.size).toBe(100);
});
