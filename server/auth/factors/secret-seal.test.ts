import { expect, test } from 'vitest';
import { SecretSeal } from './secret-seal.ts';

const seal = new SecretSeal('a secret of at least 32 characters');
const plain = Buffer.from('twenty bytes of key.');

test('a sealed secret opens for its own factor and does not appear in the stored bytes', () => {
  const sealed = seal.seal(plain, 'factor');
  expect(seal.open(sealed, 'factor')).toEqual(plain);
  expect(sealed.includes(plain)).toBe(false);
  expect(seal.seal(plain, 'factor')).not.toEqual(sealed);
});

test('a secret sealed with another key, for another factor or changed does not open', () => {
  const sealed = seal.seal(plain, 'factor');
  expect(new SecretSeal('another secret of 32 characters or more').open(sealed, 'factor')).toBeUndefined();
  expect(seal.open(sealed, 'another')).toBeUndefined();
  for (let at = 0; at < sealed.length; at++)
    expect(
      seal.open(Buffer.from(sealed.map((byte, index) => (index === at ? byte ^ 1 : byte))), 'factor'),
    ).toBeUndefined();
  expect(seal.open(Buffer.alloc(0), 'factor')).toBeUndefined();
});
