import { expect, test } from 'vitest';
import { areaOf, networkOf } from './network.ts';

test.each([
  ['an IPv4 address is a network of its own', '192.0.2.1', '192.0.2.1'],
  [
    'an IPv4-mapped IPv6 address, too',
    '0000:0000:0000:0000:0000:ffff:c000:0201',
    '0000:0000:0000:0000:0000:ffff:c000:0201',
  ],
  ['an IPv6 address belongs to its /64', '2001:0db8:0001:0002:aaaa:bbbb:cccc:dddd', '2001:0db8:0001:0002::/64'],
  ['text that is not an address is returned unchanged', '', ''],
])('%s', (_, address, network) => {
  expect(networkOf(address)).toBe(network);
});

test.each([
  ['the /24 of an IPv4 address', '192.0.2.77', '192.0.2.0/24'],
  [
    'the /24 of an IPv4-mapped IPv6 address',
    '0000:0000:0000:0000:0000:ffff:c000:024d',
    '0000:0000:0000:0000:0000:ffff:c000:0200/120',
  ],
  ['the /48 of an IPv6 address', '2001:0db8:0001:0002:aaaa:bbbb:cccc:dddd', '2001:0db8:0001::/48'],
])('an area is %s', (_, address, area) => {
  expect(areaOf(address)).toBe(area);
});
