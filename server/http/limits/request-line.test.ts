import { expect, test } from 'vitest';
import { RequestLine, type Whose } from './request-line.ts';

const LIMITS = { atOnce: 2, ofOne: 2, waitingOfUser: 10, waitingOfNetwork: 20 };
const user = (name: string): Whose => ({ kind: 'user', name });
const network = (name: string): Whose => ({ kind: 'network', name });

/** Work that finishes on command, in the order of starting. */
class Works {
  readonly begun: string[] = [];
  readonly #ends: (() => void)[] = [];

  readonly of = (name: string) => () => {
    this.begun.push(name);
    return new Promise<void>((resolve) => this.#ends.push(resolve));
  };

  async end(): Promise<void> {
    this.#ends.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('concurrent requests are limited in total and per user', async () => {
  const works = new Works();
  const line = new RequestLine({ ...LIMITS, atOnce: 3 });
  for (let n = 0; n < 5; n++) void line.run(user('a'), works.of('a'));
  await new Promise((resolve) => setImmediate(resolve));
  expect(works.begun).toEqual(['a', 'a']);
  void line.run(user('b'), works.of('b'));
  void line.run(user('c'), works.of('c'));
  await new Promise((resolve) => setImmediate(resolve));
  expect(works.begun).toEqual(['a', 'a', 'b']);
});

test("a user's request does not wait for another user's backlog", async () => {
  for (const other of [user('b'), network('192.0.2.1'), { kind: 'login', name: 'b' } as const]) {
    const works = new Works();
    const line = new RequestLine(LIMITS);
    for (let n = 0; n < 10; n++) void line.run(user('a'), works.of('a'));
    void line.run(other, works.of('b'));
    await new Promise((resolve) => setImmediate(resolve));
    for (let n = 0; n < 4; n++) await works.end();
    expect(works.begun.indexOf('b')).toBeLessThanOrEqual(4);
    expect(works.begun.slice(-1)).toEqual(['a']);
  }
});

test('users, logins and networks take turns, so strangers of one site share a single turn', async () => {
  const works = new Works();
  const line = new RequestLine({ ...LIMITS, atOnce: 1, ofOne: 1 });
  for (let n = 0; n < 3; n++)
    for (let host = 0; host < 5; host++)
      void line.run(network(`2001:0db8:0001:000${host}:0000:0000:0000:0001`), works.of('stranger'));
  void line.run(network('192.0.2.1'), works.of('other site'));
  void line.run(user('a'), works.of('user'));
  await new Promise((resolve) => setImmediate(resolve));
  for (let n = 0; n < 3; n++) await works.end();
  expect(works.begun.slice(0, 4)).toEqual(expect.arrayContaining(['other site', 'user']));
});

test('requests beyond the queue of a user are refused, others are not, and a network has a longer queue', async () => {
  const works = new Works();
  const line = new RequestLine(LIMITS);
  const refused: unknown[] = [];
  const ask = (whose: Whose) => line.run(whose, works.of(whose.name)).catch((error: unknown) => refused.push(error));
  for (let n = 0; n < 15; n++) void ask(user('a'));
  await expect.poll(() => refused).toHaveLength(3);
  expect(refused[0]).toMatchObject({ code: 'rate_limited', retryable: true, retryAfterSeconds: 1 });
  for (let n = 0; n < 22; n++) void ask(network('192.0.2.1'));
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(refused).toHaveLength(3);
});

test('abandoned requests are skipped and failed ones free their slot', async () => {
  const line = new RequestLine({ ...LIMITS, atOnce: 1, ofOne: 1 });
  const done: string[] = [];
  const failing = line.run(user('a'), () => {
    throw new Error('no');
  });
  const gone = line.run(
    user('a'),
    async () => void done.push('gone'),
    () => false,
  );
  const last = line.run(user('a'), async () => void done.push('last'));
  await expect(failing).rejects.toThrow('no');
  await expect(gone).rejects.toMatchObject({ code: 'unavailable' });
  await last;
  expect(done).toEqual(['last']);
});
