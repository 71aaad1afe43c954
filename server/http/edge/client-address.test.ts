import { describe, expect, test } from 'vitest';
import {
  type AddressHeader,
  type AddressLines,
  canonicalAddress,
  parseNetworks,
  TrustedProxies,
} from './client-address.ts';

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
    expect(proxies.clientOf(peer, forwarded === '' ? {} : { 'x-forwarded-for': [forwarded] })).toBe(client);
  });

  const V6 = '2001:0db8:0000:0000:0000:0000:0000:0001';
  test.each([
    ['an address', 'for=192.0.2.1', '192.0.2.1'],
    ['an address with a port', 'for="192.0.2.1:4711"', '192.0.2.1'],
    ['quoted IPv6', 'for="[2001:db8::1]"', V6],
    ['quoted IPv6 with a port', 'Proto=https; For="[2001:DB8::1]:4711" ;by=10.0.0.1', V6],
    ['quoted IPv6 with an obfuscated port', 'for="[2001:db8::1]:_p"', V6],
    ['IPv6 without the quotes that it needs', 'for=[2001:db8::1]:4711', V6],
    ['a hidden node', 'for=_hidden', '10.0.0.1'],
    ['an unknown node', 'for=unknown', '10.0.0.1'],
    ['a hidden node behind a trusted proxy', 'for=_hidden, for=10.0.0.2', '10.0.0.2'],
    ['an element without `for`', 'proto=https;host=exam.example.org', '10.0.0.1'],
    ['two trusted proxies in a row', 'for=192.0.2.1, for=10.0.0.2', '192.0.2.1'],
    ['a forged entry', 'for=203.0.113.9, for=192.0.2.1', '192.0.2.1'],
    ['a forged entry with an unbalanced quote', 'for="203.0.113.9, for=192.0.2.1', '192.0.2.1'],
    ['a forged entry with a quote, before one with quotes', 'for="x, for="[2001:db8::1]:80"', V6],
    ['a forged escape', String.raw`for="\", for=192.0.2.1`, '192.0.2.1'],
    ['separators in a quoted value', 'for=192.0.2.1;host="a,b;for=203.0.113.9"', '192.0.2.1'],
    ['`for` twice in one element', 'for=203.0.113.9;for=192.0.2.1', '10.0.0.1'],
    ['nothing', '', '10.0.0.1'],
    ['only separators', ',,;,', '10.0.0.1'],
  ])('Forwarded (RFC 7239) of a trusted proxy: %s', (_, forwarded, client) => {
    expect(proxies.clientOf('10.0.0.1', { forwarded: [forwarded] })).toBe(client);
  });

  test.each<[string, AddressLines, string]>([
    ['X-Real-IP', { 'x-real-ip': ['192.0.2.1'] }, '192.0.2.1'],
    ['X-Real-IP over IPv6', { 'x-real-ip': ['2001:db8::1'] }, V6],
    ['X-Real-IP that is no address', { 'x-real-ip': ['192.0.2.1, 192.0.2.2'] }, '10.0.0.1'],
    ['the last line of X-Real-IP', { 'x-real-ip': ['203.0.113.9', '192.0.2.1'] }, '192.0.2.1'],
    [
      'lines of X-Forwarded-For as one list',
      { 'x-forwarded-for': ['203.0.113.9', '192.0.2.1', '10.0.0.2'] },
      '192.0.2.1',
    ],
    [
      'lines of Forwarded as one list',
      { forwarded: ['for=203.0.113.9', 'for=192.0.2.1', 'for=10.0.0.2'] },
      '192.0.2.1',
    ],
    [
      'X-Forwarded-For before Forwarded and X-Real-IP',
      { 'x-real-ip': ['203.0.113.9'], forwarded: ['for=203.0.113.8'], 'x-forwarded-for': ['192.0.2.1'] },
      '192.0.2.1',
    ],
    ['Forwarded before X-Real-IP', { 'x-real-ip': ['203.0.113.9'], forwarded: ['for=192.0.2.1'] }, '192.0.2.1'],
    [
      'no other header where the first is invalid',
      { 'x-forwarded-for': ['?'], forwarded: ['for=203.0.113.9'] },
      '10.0.0.1',
    ],
  ])('of a trusted proxy is %s', (_, lines, client) => {
    expect(proxies.clientOf('10.0.0.1', lines)).toBe(client);
    expect(proxies.clientOf('198.51.100.7', lines)).toBe('198.51.100.7');
  });

  test('CLIENT_ADDRESS_HEADER is the only header read', () => {
    const lines = { 'x-forwarded-for': ['203.0.113.9'], forwarded: ['for=203.0.113.8'], 'x-real-ip': ['192.0.2.1'] };
    const only = (header: AddressHeader) => new TrustedProxies(parseNetworks('10.0.0.0/8'), header);
    expect(only('x-real-ip').clientOf('10.0.0.1', lines)).toBe('192.0.2.1');
    expect(only('forwarded').clientOf('10.0.0.1', lines)).toBe('203.0.113.8');
    expect(only('x-real-ip').clientOf('10.0.0.1', { 'x-forwarded-for': ['203.0.113.9'] })).toBe('10.0.0.1');
  });

  test.each(['x-forwarded-for', 'forwarded'] as const)(
    'at most 16 proxies of %s are trusted; entries before them are not read',
    (header) => {
      const entry = header === 'forwarded' ? 'for=' : '';
      const chain = (length: number) => ({
        [header]: [['192.0.2.1', ...Array.from({ length }, () => '10.0.0.2')].map((each) => entry + each).join(', ')],
      });
      expect(proxies.clientOf('10.0.0.1', chain(15))).toBe('192.0.2.1');
      expect(proxies.clientOf('10.0.0.1', chain(1000))).toBe('10.0.0.2');
    },
  );

  test('X-Forwarded-For is ignored without TRUSTED_PROXIES', () => {
    expect(new TrustedProxies(parseNetworks('')).clientOf('127.0.0.1', { 'x-forwarded-for': ['192.0.2.1'] })).toBe(
      '127.0.0.1',
    );
  });
});
