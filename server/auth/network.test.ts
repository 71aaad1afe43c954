import { expect, test } from 'vitest';
import { networkOf } from './network.ts';

test.each([
  ['an IPv4 address is counted alone', '192.0.2.1', '192.0.2.1'],
  [
    'an IPv4 address in IPv6, too',
    '0000:0000:0000:0000:0000:ffff:c000:0201',
    '0000:0000:0000:0000:0000:ffff:c000:0201',
  ],
  ['an IPv6 address is counted with its /64', '2001:0db8:0001:0002:aaaa:bbbb:cccc:dddd', '2001:0db8:0001:0002::/64'],
  ['what is no address stands for itself', '', ''],
])('%s', (_, address, network) => {
  expect(networkOf(address)).toBe(network);
});
