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

describe('the same password from another keyboard matches (RFC 8265, 4.2.2)', () => {
  test.for([
    ['composed and decomposed letters', 'Z\u00fcrich caf\u00e9 \u1ec7', 'Zu\u0308rich cafe\u0301 e\u0323\u0302'],
    ['letters with a second code point', 'K\u00e5re \u03a9', '\u212aa\u030are \u2126'],
    ['Hangul by letters', '\ud55c\uae00', '\u1112\u1161\u11ab\u1100\u1173\u11af'],
    ['other spaces', 'four words of text', 'four\u00a0words\u202fof\u3000text'],
  ])('%s', async ([, one, other]) => {
    expect(await passwords.verify(await passwords.hash(one!), other!)).toBe(true);
    expect(await passwords.verify(await passwords.hash(other!), one!)).toBe(true);
  });

  test('not a character that only looks alike, nor another case or width', async () => {
    const stored = await passwords.hash('Pa 1');
    for (const other of ['P\u0430 1', 'pa 1', 'Pa1', 'Pa \uff11', 'Pa  1'])
      expect(await passwords.verify(stored, other)).toBe(false);
  });
});

describe('without an account', () => {
  test('no password matches, not even that of the dummy hash', async () => {
    expect(await passwords.verify(undefined, 'no account has this password')).toBe(false);
    expect(await passwords.verify(undefined, '')).toBe(false);
  });
});

test('logins of one address beyond its queue limit are refused with Retry-After, and others do not wait for them', async () => {
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
});
