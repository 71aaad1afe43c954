import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { newSessionKey, openPicture, type PictureOf, SealError, sealPicture, unwrapKey, wrapKey } from './cipher.ts';

const [SESSION, OTHER, EVENT] = [
  '0199a000-0000-7000-8000-000000000001',
  '0199a000-0000-7000-8000-000000000002',
  '0199a000-0000-7000-8000-000000000003',
];
const OF: PictureOf = { session: SESSION, event: EVENT, kind: 'opened' };
const jpeg = randomBytes(40_000);

describe('a picture', () => {
  test('comes back byte for byte, and is 29 bytes longer while it is sealed', () => {
    const key = newSessionKey();
    const sealed = sealPicture(key, OF, jpeg);
    expect(sealed.byteLength).toBe(40_029);
    expect(openPicture(key, OF, sealed)).toEqual(jpeg);
  });

  test('sealed twice is not the same twice', () => {
    const key = newSessionKey();
    expect(sealPicture(key, OF, jpeg).equals(sealPicture(key, OF, jpeg))).toBe(false);
  });

  test.each<[string, PictureOf]>([
    ['session', { ...OF, session: OTHER }],
    ['event', { ...OF, event: OTHER }],
    ['kind', { ...OF, kind: 'closed' }],
  ])('does not open in the place of another %s', (_name, place) => {
    const key = newSessionKey();
    expect(() => openPicture(key, place, sealPicture(key, OF, jpeg))).toThrow(SealError);
  });

  test('does not open under another key', () => {
    expect(() => openPicture(newSessionKey(), OF, sealPicture(newSessionKey(), OF, jpeg))).toThrow(SealError);
  });

  test('does not open with one bit changed anywhere in its header, or in its bytes, or cut off', () => {
    const key = newSessionKey();
    const sealed = sealPicture(key, OF, jpeg);
    for (const place of [...Array.from({ length: 30 }, (_, i) => i), 20_000, sealed.length - 1]) {
      const changed = Buffer.from(sealed);
      changed[place]! ^= 1;
      expect(() => openPicture(key, OF, changed), `byte ${place}`).toThrow(SealError);
    }
    for (const length of [0, 1, 28, 29, sealed.length - 1])
      expect(() => openPicture(key, OF, sealed.subarray(0, length)), `${length} bytes`).toThrow(SealError);
  });
});

describe("a session's key", () => {
  const master = randomBytes(32);

  test('comes back under the master key that wrapped it, for its session', () => {
    const key = newSessionKey();
    const wrapped = wrapKey(master, SESSION, key);
    expect(wrapped.includes(key)).toBe(false);
    expect(unwrapKey(master, SESSION, wrapped)).toEqual(key);
  });

  test('is refused under another master key, or for another session', () => {
    const wrapped = wrapKey(master, SESSION, newSessionKey());
    expect(() => unwrapKey(randomBytes(32), SESSION, wrapped)).toThrow(SealError);
    expect(() => unwrapKey(master, OTHER, wrapped)).toThrow(SealError);
  });
});
