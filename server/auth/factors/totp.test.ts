import { expect, test } from 'vitest';
import { stepOfCode, totpSetup } from './totp.ts';

const SECRET = Buffer.from('12345678901234567890');

/** RFC 6238, appendix B, SHA-1: last six of eight digits. */
test.each([
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
])('at %i s the code is %s (RFC 6238 test vector)', (seconds, code) => {
  expect(stepOfCode(SECRET, code, seconds * 1000)).toBe(Math.floor(seconds / 30));
});

test('a code is valid from one step before to one step after its own', () => {
  const at = 1_111_111_111_000;
  const step = Math.floor(at / 30_000);
  expect([-60, -30, 0, 30, 60].map((s) => stepOfCode(SECRET, '050471', at + s * 1000))).toEqual([
    undefined,
    step,
    step,
    step,
    undefined,
  ]);
});

test('the URI for the app holds issuer, account and secret', () => {
  expect(totpSetup(SECRET, 'a+b@example.org')).toEqual({
    secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
    uri: 'otpauth://totp/Invigil:a%2Bb%40example.org?issuer=Invigil&secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&algorithm=SHA1&digits=6&period=30',
  });
});
