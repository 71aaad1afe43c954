import { describe, expect, test } from 'vitest';
import { Passwords } from './passwords.ts';

const passwords = new Passwords();

describe('a stored password', () => {
  test('is argon2id with 19 MiB, two passes, one lane and a new salt each time', async () => {
    const [one, two] = await Promise.all([passwords.hash('correct horse'), passwords.hash('correct horse')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).not.toBe(two);
  });

  test('matches itself and nothing else', async () => {
    const stored = await passwords.hash('correct horse');
    expect(await passwords.verify(stored, 'correct horse')).toBe(true);
    for (const other of ['correct horse ', 'Correct horse', '', 'correct horse\u0000x'])
      expect(await passwords.verify(stored, other), JSON.stringify(other)).toBe(false);
  });

  test('may contain any characters, up to the maximum length', async () => {
    for (const password of ['pässwörd 漢字 🙂', 'x'.repeat(1024)]) {
      const stored = await passwords.hash(password);
      expect(await passwords.verify(stored, password)).toBe(true);
      expect(await passwords.verify(stored, password.slice(0, -1))).toBe(false);
    }
  });
});

describe('without an account', () => {
  test('no password matches, not even that of the dummy hash', async () => {
    expect(await passwords.verify(undefined, 'no account has this password')).toBe(false);
    expect(await passwords.verify(undefined, '')).toBe(false);
  });
});

test(
  'logins of one address beyond its queue limit are refused with Retry-After, and others do not wait for them',
  { timeout: 240_000 },
  async () => {
    const busy = new Passwords();
    const from = (address: string, account: string) => busy.hash('correct horse', { share: 'login', address, account });
    const order: string[] = [];
    const storm = Array.from({ length: 1100 }, (_, index) =>
      from('192.0.2.1', `made-up-${index}`).then(() => order.push('storm')),
    );
    const settled = Promise.allSettled(storm);
    await from('198.51.100.7', 'proctor').then(() => order.push('proctor'));
    expect(order.length).toBeLessThan(10);
    const results = await Promise.race([
      settled,
      Promise.all(storm).then(
        () => [],
        (error: unknown) => error,
      ),
    ]);
    expect(results).toMatchObject({ code: 'unavailable', retryable: true });
  },
);
