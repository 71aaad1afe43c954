const GROUPS = 8;
/** RFC 4291, section 2.5.5.2: an IPv4 address in IPv6's clothes. */
const MAPPED = '0000:0000:0000:0000:0000:ffff:';

/**
 * Who is counted as one: an IPv4 address, or the /64 of an IPv6 one, which is the least that one subscriber has (RFC 6177).
 * `address` as uWebSockets.js writes it: all eight groups, of four digits each.
 */
export function networkOf(address: string): string {
  const groups = address.split(':');
  if (groups.length !== GROUPS || address.startsWith(MAPPED)) return address;
  return `${groups.slice(0, 4).join(':')}::/64`;
}
