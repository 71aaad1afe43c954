import { describe, expect, test } from 'vitest';
import { Shares } from './shares.ts';

interface Session {
  readonly owner: string;
  readonly cost: number;
  turns: number;
}

const session = (owner: string, cost: number): Session => ({ owner, cost, turns: 0 });

/**
 * `threads` workers that are never idle while somebody waits; every session always has a frame. @returns ms of worker
 * time each has had
 */
function work(sessions: readonly Session[], totalMs: number, threads = 2): Map<Session, number> {
  const shares = new Shares<Session>();
  for (const one of sessions) shares.push(one.owner, one);
  const running: { at: number; one: Session; settle: (ms: number) => void }[] = [];
  let now = 0;
  const had = new Map(sessions.map((one) => [one, 0]));
  while (now < totalMs) {
    while (running.length < threads) {
      const one = shares.shift();
      if (!one) break;
      running.push({ at: now + one.cost, one, settle: shares.charge(one.owner) });
    }
    running.sort((a, b) => a.at - b.at);
    const { at, one, settle } = running.shift()!;
    now = at;
    settle(one.cost);
    one.turns += 1;
    had.set(one, had.get(one)! + one.cost);
    shares.push(one.owner, one);
  }
  return had;
}

/** Jain's index of fairness: 1 when all have the same. */
function jain(values: readonly number[]): number {
  const sum = values.reduce((a, b) => a + b, 0);
  return sum ** 2 / (values.length * values.reduce((a, b) => a + b * b, 0));
}

describe('turns by what they cost', () => {
  test('sessions whose frames cost the same have the same number of turns', () => {
    const sessions = Array.from({ length: 25 }, (_, i) => session(`s${i}`, 8));
    work(sessions, 20_000);
    const turns = sessions.map(({ turns: n }) => n);
    expect(Math.max(...turns) - Math.min(...turns)).toBeLessThanOrEqual(1);
  });

  test('a session whose frames cost ten times as much has a tenth of the turns, and everybody the same time', () => {
    const honest = Array.from({ length: 20 }, (_, i) => session(`h${i}`, 8));
    const hostile = Array.from({ length: 12 }, (_, i) => session(`x${i}`, 80));
    const had = work([...honest, ...hostile], 60_000);
    expect(jain([...had.values()])).toBeGreaterThan(0.99);
    const [h, x] = [honest, hostile].map((group) => group.reduce((sum, { turns }) => sum + turns, 0) / group.length);
    expect(h! / x!).toBeGreaterThan(9);
    expect(h! / x!).toBeLessThan(11);
  });

  test('honest sessions have at least nine tenths of their fair share of time beside twelve hostile ones', () => {
    const honest = Array.from({ length: 20 }, (_, i) => session(`h${i}`, 8));
    const fair = (60_000 * 2) / 32;
    const had = work([...honest, ...Array.from({ length: 12 }, (_, i) => session(`x${i}`, 150))], 60_000);
    for (const one of honest) expect(had.get(one)! / fair).toBeGreaterThan(0.9);
  });

  test('a student with ten sessions has the share of one', () => {
    const many = Array.from({ length: 10 }, () => session('one student', 8));
    const others = Array.from({ length: 4 }, (_, i) => session(`s${i}`, 8));
    const had = work([...many, ...others], 20_000);
    const time = (group: readonly Session[]) => group.reduce((sum, one) => sum + had.get(one)!, 0);
    expect(time(many) / (time(others) / 4)).toBeCloseTo(1, 1);
    // And each of theirs its turn.
    expect(Math.min(...many.map(({ turns }) => turns))).toBeGreaterThan(0);
  });

  test('an idle user saves no turns and carries no old debt', () => {
    const shares = new Shares<string>();
    for (let i = 0; i < 1000; i++) {
      shares.push('busy', 'busy');
      shares.shift();
      shares.charge('busy')(10);
    }
    // It comes for the first time: one turn ahead, and not a thousand.
    const order: string[] = [];
    shares.push('busy', 'busy');
    shares.push('late', 'late');
    for (let i = 0; i < 10; i++) {
      const name = shares.shift()!;
      order.push(name);
      shares.charge(name)(10);
      shares.push(name, name);
    }
    expect(order.filter((name) => name === 'late').length).toBeLessThanOrEqual(6);
    expect(order.filter((name) => name === 'busy').length).toBeGreaterThanOrEqual(4);
  });

  test('a user is costly at several times the cost of the cheaper quarter; at equal costs nobody is', () => {
    const shares = new Shares<string>();
    const costs = new Map([
      ...Array.from({ length: 8 }, (_, i) => [`h${i}`, 5 + i] as const),
      ...Array.from({ length: 12 }, (_, i) => [`x${i}`, 60] as const),
    ]);
    for (const [name, ms] of costs) shares.charge(name)(ms);
    expect(shares.isCostly('x0')).toBe(false);
    shares.judge();
    expect([...costs.keys()].filter((name) => shares.isCostly(name))).toEqual(
      [...costs.keys()].filter((name) => name.startsWith('x')),
    );
    const same = new Shares<string>();
    for (const name of costs.keys()) same.charge(name)(60);
    same.judge();
    expect([...costs.keys()].some((name) => same.isCostly(name))).toBe(false);
  });

  test('a user who left is forgotten', () => {
    const shares = new Shares<string>();
    shares.charge('first')(500);
    for (let i = 0; i < 5000; i++) shares.charge(`s${i}`)(10);
    shares.judge();
    expect(shares.isCostly('first')).toBe(false);
  });
});
