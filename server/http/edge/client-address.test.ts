import { describe, expect, test } from 'vitest';
import { canonicalAddress, parseNetworks, TrustedProxies } from './client-address.ts';

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['192.0.2.1:8080', '192.0.2.1'],
  ['0000:0000:0000:0000:0000:ffff:c000:0201', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8::1', '2001:0db8:0000:0000:0000:0000:0000:0001'],
  ['[2001:db8::1]:443', '2001:0db8:0000:0000:0000:0000:0000:0001'],
  ['::1', '0000:0000:0000:0000:0000:0000:0000:0001'],
  ['::', '0000:0000:0000:0000:0000:0000:0000:0000'],
  ['fe80::1%eth0', 'fe80:0000:0000:0000:0000:0000:0000:0001'],
  ['unknown', undefined],
  ['192.0.2.256', undefined],
  ['', undefined],
])('%j is the address %j', (text, address) => {
  expect(canonicalAddress(text)).toBe(address);
});

test.each(['10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', 'proxy.example', '10.0.0.0/-1', '::/129'])(
  '%s is refused as a network',
  (text) => {
    expect(() => parseNetworks(text)).toThrow(text);
  },
);

describe('the address of a client', () => {
  const proxies = new TrustedProxies(parseNetworks('10.0.0.0/8, 2001:db8:1::/48, 127.0.0.1'));

  test.each([
    ['X-Forwarded-For of an untrusted peer is ignored', '198.51.100.7', '192.0.2.1', '198.51.100.7'],
    ['X-Forwarded-For of a trusted proxy is used', '10.0.0.1', '192.0.2.1', '192.0.2.1'],
    ['addresses written by the client itself are ignored', '10.0.0.1', '203.0.113.9, 192.0.2.1', '192.0.2.1'],
    ['two trusted proxies in a row', '10.0.0.1', '203.0.113.9, 192.0.2.1, 10.0.0.2', '192.0.2.1'],
    [
      'an untrusted proxy in between counts as the client',
      '10.0.0.1',
      '192.0.2.1, 198.51.100.7, 10.0.0.2',
      '198.51.100.7',
    ],
    [
      'a proxy over IPv6',
      '2001:0db8:0001:0000:0000:0000:0000:0005',
      '2001:db8:2::7',
      '2001:0db8:0002:0000:0000:0000:0000:0007',
    ],
    ['a proxy over IPv4 in IPv6', '0000:0000:0000:0000:0000:ffff:7f00:0001', '192.0.2.1', '192.0.2.1'],
    ['a trusted proxy without X-Forwarded-For', '10.0.0.1', '', '10.0.0.1'],
    ['a proxy that sends "unknown" for the client', '10.0.0.1', 'unknown', '10.0.0.1'],
    ['only proxies', '10.0.0.1', '10.0.0.3', '10.0.0.3'],
  ])('%s', (_, peer, forwarded, client) => {
    expect(proxies.clientOf(peer, forwarded)).toBe(client);
  });

  test('at most 16 proxies of X-Forwarded-For are trusted; entries before them are not read', () => {
    const chain = (length: number) => ['192.0.2.1', ...Array.from({ length }, () => '10.0.0.2')].join(', ');
    expect(proxies.clientOf('10.0.0.1', chain(15))).toBe('192.0.2.1');
    expect(proxies.clientOf('10.0.0.1', chain(1000))).toBe('10.0.0.2');
  });

  test('X-Forwarded-For is ignored without TRUSTED_PROXIES', () => {
    expect(new TrustedProxies(parseNetworks('')).clientOf('127.0.0.1', '192.0.2.1')).toBe('127.0.0.1');
  });
});
