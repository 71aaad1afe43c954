const GROUPS = 8;
/** RFC 4291, section 2.5.5.2: an IPv4 address in IPv6's clothes. */
const MAPPED = '0000:0000:0000:0000:0000:ffff:';

function prefix(address: string, groups: number): string {
  const parts = address.split(':');
  if (parts.length !== GROUPS || address.startsWith(MAPPED)) return address;
  return `${parts.slice(0, groups).join(':')}::/${16 * groups}`;
}

/**
 * Who is counted as one: an IPv4 address, or the /64 of an IPv6 one, which is the least that one subscriber has (RFC
 * 6177). `address` as uWebSockets.js writes it: all eight groups, of four digits each.
 */
export const networkOf = (address: string): string => prefix(address, 4);

/**
 * What one subscriber has at most, as a rule: an IPv4 address, or the /48 of an IPv6 one, with 65,536 networks in it.
 */
export const siteOf = (address: string): string => prefix(address, 3);
