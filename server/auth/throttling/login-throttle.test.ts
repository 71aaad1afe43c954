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

/** A wrong password. @returns whether it was looked at */
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

/** Seconds that a try was told to wait; 0: it was not refused. */
function refusedFor(more: Partial<LoginTry>): number {
  try {
    throttle.begin(by(more)).notLookedAt();
    return 0;
  } catch (error) {
    return (error as { retryAfterSeconds: number }).retryAfterSeconds;
  }
}

/** Of one IPv6 /48. */
const networkOfSite = (index: number) => `2001:0db8:0000:${index.toString(16).padStart(4, '0')}:0000:0000:0000:0001`;

const right = (more: Partial<LoginTry> = {}) => {
  const attempt = throttle.begin(by({ password: 'right', ...more }));
  attempt.admit();
  attempt.succeeded();
};

const lookedAt = (count: number, more: (index: number) => Partial<LoginTry>) =>
  Array.from({ length: count }, (_, index) => wrong(more(index))).filter(Boolean).length;

describe('an account and a network', () => {
  test('after five wrong passwords the next one waits for five seconds, and then longer, up to a minute', () => {
    expect(lookedAt(40, () => ({}))).toBe(5);
    const waits: number[] = [];
    for (let tries = 0; tries < 6; tries++) {
      const from = now;
      while (!wrong()) now += 1000;
      waits.push((now - from) / 1000);
    }
    expect(waits).toEqual([5, 10, 20, 40, 60, 60]);
  });

  test('the owner gets in from the attacked address seconds after five wrong passwords, and from another one at once', () => {
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

  test('of many tries at once five are let through', () => {
    const begun = Array.from({ length: 40 }, () => {
      try {
        return throttle.begin(by());
      } catch {
        return undefined;
      }
    });
    expect(begun.filter(Boolean)).toHaveLength(5);
  });

  test('a login that succeeds forgets the tries before it; one that was not looked at does not count', () => {
    lookedAt(4, () => ({}));
    right();
    for (let i = 0; i < 20; i++) throttle.begin(by()).notLookedAt();
    expect(lookedAt(40, () => ({}))).toBe(5);
  });

  test('a quarter of an hour without a try forgets them', () => {
    lookedAt(40, () => ({}));
    now += 15 * 60_000;
    expect(lookedAt(40, () => ({}))).toBe(5);
  });

  test('an IPv6 subscriber, who has addresses without number, is one', () => {
    expect(lookedAt(9, (index) => ({ address: `2001:0db8:0000:0001:0000:0000:0000:000${index}` }))).toBe(5);
  });

  test('what is refused names the account that it was for, once that is known', () => {
    for (let i = 0; i < 5; i++) throttle.begin(by()).failed('id of the owner');
    expect(() => throttle.begin(by())).toThrow(
      expect.objectContaining({ refusal: { kind: 'login_throttled', target: 'id of the owner' } }),
    );
  });
});

describe('a device that signed in before', () => {
  test('is counted by itself: the owner gets in while an attack from the same address goes on', () => {
    for (let minute = 0; minute < 60; minute++) {
      lookedAt(200, (index) => (index % 2 ? {} : { email: `${minute}-${index}@example.org` }));
      right({ deviceKey: DEVICE });
      now += 60_000;
    }
  });

  test('is bounded, too, and what it does is not held against others', () => {
    expect(lookedAt(40, () => ({ deviceKey: DEVICE }))).toBe(5);
    right();
  });

  test('two devices of one account do not count together', () => {
    lookedAt(40, () => ({ deviceKey: DEVICE }));
    right({ deviceKey: Buffer.alloc(16, 8) });
  });
});

describe('a network', () => {
  test('one password on 150 accounts ends at the tenth, and nobody with another password is held up', () => {
    expect(lookedAt(150, (index) => ({ email: `student-${index}@example.org`, password: 'Summer2026!' }))).toBe(10);
    right();
    expect(() => right({ email: 'student-99@example.org', password: 'Summer2026!' })).toThrow(limited);
    now += 15 * 60_000;
    right({ email: 'student-99@example.org', password: 'Summer2026!' });
  });

  test('a password that a class was given for all is none that is sprayed', () => {
    for (let i = 0; i < 10; i++) wrong({ email: `typo-${i}@example.org`, password: 'class of 2026' });
    now += 1;
    expect(() => right({ email: 'student@example.org', password: 'class of 2026' })).toThrow(limited);
    right({ email: 'student@example.org', password: 'class of 2026', deviceKey: DEVICE });
    right({ email: 'other@example.org', password: 'class of 2026' });
  });

  test('another password for each of 300 accounts: the first hundred have five tries, each one after that has one, and then waits of a minute and more', () => {
    expect(lookedAt(1500, (index) => ({ email: `student-${index % 300}@example.org` }))).toBe(300);
    const again = () => lookedAt(300, (index) => ({ email: `student-${index}@example.org` }));
    now += 59_000;
    expect(again()).toBeLessThan(10);
    now += 1000;
    expect(again()).toBeGreaterThan(280);
    now += 60_000;
    expect(again()).toBeLessThan(10);
  });

  test('whatever is tried there with made-up accounts, who was never there before gets in at once, and after a mistake when they waited as they were told', () => {
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

  test('of many first tries of an account at once, while the budget is spent, one is let through', () => {
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

  test('who was told to wait and then found the line too long, need not wait anew', () => {
    lookedAt(100, (index) => ({ email: `made-up-${index}@example.org` }));
    wrong();
    now += 60_000;
    lookedAt(100, (index) => ({ email: `more-${index}@example.org` }));
    throttle.begin(by()).notLookedAt();
    right();
  });

  test('accounts that signed in from there before are counted apart', () => {
    right();
    lookedAt(300, (index) => ({ email: `made-up-${index}@example.org` }));
    expect(lookedAt(5, () => ({}))).toBe(5);
  });

  test('500 students who sign in within five minutes are never held up, though every fifth mistypes once', () => {
    for (let i = 0; i < 500; i++) {
      const email = `student-${i}@example.org`;
      if (i % 5 === 0) expect(wrong({ email })).toBe(true);
      right({ email, password: `password of ${i}` });
      now += 600;
    }
  });

  test('of IPv6, a site with 65,536 networks is one to an account, and has four budgets and no more', () => {
    expect(lookedAt(1000, (index) => ({ address: networkOfSite(index) }))).toBe(5);
    lookedAt(400, (index) => ({ address: networkOfSite(index), email: `student-${index}@example.org` }));
    expect(lookedAt(1000, (index) => ({ address: networkOfSite(index), email: 'another@example.org' }))).toBe(1);
  });
});

describe('an account over all networks', () => {
  const address = (index: number) => `10.${index >> 8}.${index & 255}.1`;

  test('after 100 wrong passwords each further network has one try, and some thirty a day', () => {
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

  test('the owner gets in from a network that nobody has guessed from, however many others did', () => {
    lookedAt(3000, (index) => ({ address: address(index) }));
    right({ address: ELSEWHERE });
  });

  test('one IPv6 subscriber cannot use it up, from all of a /48', () => {
    for (let minute = 0; minute < 60; minute++) {
      lookedAt(200, (index) => ({ address: networkOfSite(index) }));
      now += 60_000;
    }
    expect(lookedAt(5, () => ({ address: ELSEWHERE }))).toBe(5);
  });

  test('the owner gets in where they signed in before, and with their device anywhere', () => {
    right({ address: ELSEWHERE });
    lookedAt(300, (index) => ({ address: address(index) }));
    right({ address: ELSEWHERE });
    right({ address: '203.0.113.1', deviceKey: DEVICE });
  });

  test('one network cannot use it up', () => {
    for (let hour = 0; hour < 3600; hour++) {
      wrong();
      now += 1000;
    }
    right({ address: ELSEWHERE });
  });
});

test('what it holds is bounded', () => {
  throttle = new LoginThrottle(() => now, 100);
  for (let i = 0; i < 300; i++) wrong({ email: `${i}@example.org`, address: `10.1.${i >> 8}.${i & 255}` });
  expect(throttle.size).toBe(100);
});
