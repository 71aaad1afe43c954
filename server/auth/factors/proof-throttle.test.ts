import { beforeEach, describe, expect, test } from 'vitest';
import { ProofThrottle, type ProofSource, type TypedProof } from './proof-throttle.ts';

const OWNER = 'owner';
const STRANGER: ProofSource = { address: '192.0.2.1' };
const MINUTE_MS = 60_000;
const network = (index: number): ProofSource => ({
  address: `2001:0db8:0000:${index.toString(16).padStart(4, '0')}:0000:0000:0000:0001`,
});

let now = 0;
let throttle: ProofThrottle;
beforeEach(() => {
  now = 0;
  throttle = new ProofThrottle(() => now);
});

/** @returns whether the code was checked */
function tries(source: ProofSource, kind: TypedProof = 'code', isRight = false): boolean {
  try {
    const right = throttle.begin(OWNER, kind, source);
    if (isRight) right();
    return true;
  } catch {
    return false;
  }
}
const lookedAt = (count: number, source: (index: number) => ProofSource) =>
  Array.from({ length: count }, (_, index) => tries(source(index))).filter(Boolean).length;

describe('an attacker with the password', () => {
  test('gets five codes at once, then one per three minutes, at most 60 on the first day', () => {
    expect(lookedAt(40, () => STRANGER)).toBe(5);
    now += 3 * MINUTE_MS;
    expect(lookedAt(40, () => STRANGER)).toBe(1);
    let day = 6;
    for (; now < 24 * 60 * MINUTE_MS; now += MINUTE_MS) day += lookedAt(1, () => STRANGER);
    expect(day).toBeLessThanOrEqual(60);
  });

  test('gets no more from a whole IPv6 /48, and at most 100 from any number of sites', () => {
    expect(lookedAt(400, network)).toBe(5);
    expect(lookedAt(400, (index) => ({ address: `10.0.${index >> 4}.1` }))).toBe(95);
  });

  test.each([
    ['in a login that verified a factor before', { ...STRANGER, proven: 'login 1' }, 'code'],
    [
      'in a browser that verified a factor before, behind the same address',
      { ...STRANGER, proven: 'device 1' },
      'code',
    ],
    ['with a recovery code, from the attacked address', STRANGER, 'recovery'],
    ['with a recovery code, from elsewhere', { address: '198.51.100.7' }, 'recovery'],
  ] as const)('never locks the owner out %s', (_where, source, kind) => {
    for (let round = 0; round < 100; round++) {
      lookedAt(10, () => STRANGER);
      lookedAt(200, (index) => ({ address: `10.0.${index}.1` }));
      expect(tries(source, kind, true)).toBe(true);
      now += 10 * MINUTE_MS;
    }
  });

  test('does not lock the owner out elsewhere from a single address', () => {
    for (; now < 24 * 60 * MINUTE_MS; now += 10 * MINUTE_MS) {
      lookedAt(10, () => STRANGER);
      expect(tries({ address: '198.51.100.7' }, 'code', true)).toBe(true);
    }
  });
});

test('a correct code resets the short-term failures, but not those of the day', () => {
  let looked = 0;
  for (let i = 0; i < 20; i++) {
    looked += lookedAt(4, () => STRANGER);
    tries(STRANGER, 'code', true);
  }
  expect(looked).toBeLessThanOrEqual(30);
});

test('wrong recovery codes are limited, too', () => {
  expect(Array.from({ length: 100 }, () => tries(STRANGER, 'recovery')).filter(Boolean)).toHaveLength(20);
});

test('a login that verified a factor before has a limit of its own', () => {
  expect(lookedAt(40, () => ({ ...STRANGER, proven: 'login 1' }))).toBe(5);
  expect(lookedAt(40, () => ({ ...STRANGER, proven: 'login 2' }))).toBe(5);
});
