import { describe, expect, test } from 'vitest';
import { checkNewPassword } from './password-rules.ts';

const ADA = { email: 'ada.lovelace@analytical.example', name: 'Ada Lovelace' };

const refusal = (password: string) => {
  try {
    checkNewPassword(password, ADA);
  } catch (error) {
    return error as { code: string; message: string; fields: { field: string }[] };
  }
  return undefined;
};

describe('a new password is refused', () => {
  test.each([
    ['one of the most common', ['password', '12345678', 'iloveyou', 'trustno1', 'qwerty123', 'starwars']],
    ['in another case', ['PASSWORD', 'PassWord', 'TrustNo1']],
    [
      'with spaces around or in it',
      [' password', 'password  ', 'pass word', 'p a s s w o r d', '\tpassword', '\u3000password'],
    ],
    ['with digits and signs around it', ['password1!', 'Password2024', '!!letmein!!', '123monkey', 'dragon_99']],
    ['with look-alikes', ['P@ssw0rd', 'p455w0rd', 'pa$$word', '1l0vey0u', 'tru5tn01']],
    [
      'in full-width letters, or with characters that are not seen',
      ['ｐａｓｓｗｏｒｄ', 'pass\u200Bword', 'password\u2060'],
    ],
    ['nothing but spaces', [' '.repeat(8), ' '.repeat(40), '\u00A0'.repeat(10), '\u200B'.repeat(12)]],
    ['too short without what is around it', ['a        ', '   abc   ', '🙂🙂🙂🙂']],
    ['the same characters again', ['aaaaaaaa', 'abababab', '........', 'xyzxyzxyz', 'secretsecret', '🙂'.repeat(12)]],
    ['a sequence', ['abcdefgh', 'hgfedcba', '34567890', '09876543', 'abcd1234', 'aaaabbbb', 'klmnopqrstuv']],
    [
      'neighbouring keys',
      ['qwertyuiop', 'asdfghjk', 'poiuytre', 'qwertzui', '1qaz2wsx', '1q2w3e4r5t', 'qwerasdf', '!@#$%^&*'],
    ],
    [
      "the owner's address or a part of it",
      [ADA.email, ADA.email.toUpperCase(), 'ada.lovelace', 'lovelace1815', 'Lovelace!', 'analytical1'],
    ],
    ["the owner's name", ['Ada Lovelace', 'adalovelace', 'Lovelace-42', '1815lovelace']],
    ["the product's name", ['invigil1', 'Invigil2026!', '123proctor', 'proctoring']],
  ])('when it is %s', (_why, passwords) => {
    for (const password of passwords)
      expect(refusal(password), password).toMatchObject({
        code: 'weak_password',
        fields: [{ field: 'body.password' }],
      });
  });

  test('without appearing in the error', () => {
    expect(JSON.stringify(refusal('iloveyou'))).not.toContain('iloveyou');
    expect(refusal('iloveyou')?.message).not.toContain('iloveyou');
  });
});

describe('a new password is accepted', () => {
  test.each([
    'correct horse',
    'vT9#kq2m',
    'Zürich im Regen',
    'four unrelated words here',
    'ada likes her machine',
    '漢字仮名交じり文',
    'x'.repeat(3) + 'kq7 wmz',
    'пароль для машины',
  ])('without composition rules: %s', (password) => {
    expect(refusal(password)).toBeUndefined();
  });

  test('with 64 and with 1,024 characters', () => {
    const text = Array.from(
      { length: 1024 },
      (_, index) => 'kq7wmzp4xv'[(index * 7 + Math.floor(index / 10)) % 10],
    ).join('');
    expect(refusal(text.slice(0, 64))).toBeUndefined();
    expect(refusal(text)).toBeUndefined();
  });
});
