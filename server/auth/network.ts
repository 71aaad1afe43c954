const GROUPS = 8;
/** RFC 4291, section 2.5.5.2: IPv4-mapped IPv6 address. */
const MAPPED = '0000:0000:0000:0000:0000:ffff:';

function prefix(address: string, groups: number): string {
  const parts = address.split(':');
  if (parts.length !== GROUPS || address.startsWith(MAPPED)) return address;
  return `${parts.slice(0, groups).join(':')}::/${16 * groups}`;
}

/**
 * Network counted as one client: an IPv4 address, or the /64 of an IPv6 address, the least that one subscriber has (RFC
 * 6177).
 * @param address as uWebSockets.js writes it: eight groups of four digits
 */
export const networkOf = (address: string): string => prefix(address, 4);

/** The /24 of an IPv4 address that is written as an IPv6 address. */
const mappedArea = (address: string) => `${address.slice(0, -2)}00/120`;

/** Area in which one line usually keeps its address: the /24 of an IPv4 address, the /48 of an IPv6 address. */
export function areaOf(address: string): string {
  if (address.startsWith(MAPPED)) return mappedArea(address);
  const octets = address.split('.');
  return octets.length === 4 ? `${octets.slice(0, 3).join('.')}.0/24` : prefix(address, 3);
}

/**
 * Site: usually the most that one subscriber has: an IPv4 address, or the /48 of an IPv6 address, with 65,536 networks.
 */
export const siteOf = (address: string): string => prefix(address, 3);
