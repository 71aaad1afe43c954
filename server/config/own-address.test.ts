import { describe, expect, test } from 'vitest';
import { readReach } from '../config.ts';
import { ownAddress } from './own-address.ts';

describe("the server's own address, for commands beside it", () => {
  test.each([
    [{}, 'http://127.0.0.1:8080'],
    [{ HOST: '0.0.0.0', PORT: '9000', BASE_PATH: '/invigil' }, 'http://localhost:9000/invigil'],
    [{ HOST: '::1' }, 'http://[::1]:8080'],
    [
      { PUBLIC_URL: 'https://exam.example.org, https://exam.example.com', BASE_PATH: '/invigil' },
      'https://exam.example.org/invigil',
    ],
  ])('under %o is %s', (environment, base) => {
    expect(ownAddress(readReach(environment)).base).toBe(base);
  });

  test('is the given one, without a slash at its end', () => {
    expect(ownAddress(readReach({ PUBLIC_URL: 'https://exam.example.org' }), 'http://127.0.0.1:1/in/')).toEqual({
      base: 'http://127.0.0.1:1/in',
      from: '--url',
    });
  });
});
