import { BlockList, isIP, isIPv6 } from 'node:net';
import { forwardedFor } from './forwarded.ts';

const MAPPED = '0000:0000:0000:0000:0000:ffff:';

/** Two groups of four hexadecimal digits as an IPv4 address. */
const dotted = (groups: readonly string[]): string =>
  groups
    .map((group) => parseInt(group, 16))
    .flatMap((value) => [value >> 8, value & 255])
    .join('.');

/** All eight groups of four digits, as uWebSockets.js writes them. */
function expanded(address: string): string {
  // The WHATWG URL parser validates it and writes an IPv4 tail as two groups (URL standard, section 3.5).
  const short = new URL(`http://[${address.split('%')[0]}]`).hostname.slice(1, -1);
  const [head = '', tail] = short.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...zeros, ...after].map((group) => group.padStart(4, '0')).join(':');
}

/**
 * Canonical spelling of an address: IPv4 dotted, also when written as `::ffff:a.b.c.d`; IPv6 as eight groups of four
 * digits. A port (`192.0.2.1:80`, `[2001:db8::1]:80`), which some proxies add, is dropped.
 * @returns undefined if the text is not an address
 */
export function canonicalAddress(text: string): string | undefined {
  const bare = /^\[(.+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  if (isIP(bare) === 0) return undefined;
  if (!isIPv6(bare)) return bare;
  const full = expanded(bare);
  return full.startsWith(MAPPED) ? dotted(full.slice(MAPPED.length).split(':')) : full;
}

/**
 * @param text addresses and networks (`10.0.0.0/8`, `::1`), separated by commas
 * @throws Error that names the invalid part
 */
export function parseNetworks(text: string): BlockList {
  const list = new BlockList();
  for (const part of text
    .split(',')
    .map((value) => value.trim())
    .filter(Boolean)) {
    const [address = '', bits, more] = part.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    const longest = family === 'ipv6' ? 128 : 32;
    if (
      isIP(address) === 0 ||
      more !== undefined ||
      (bits !== undefined && (!/^\d+$/.test(bits) || Number(bits) > longest))
    ) {
      throw new Error(`${part} is not an IP address or network`);
    }
    list.addSubnet(address, bits === undefined ? longest : Number(bits), family);
  }
  return list;
}

/** Trusted proxies in a row; a client can fill its headers with entries, and each one costs a lookup. */
const MAX_HOPS = 16;

/** Headers in which proxies name the client, by precedence: the first that a request has is used, and no other. */
export const ADDRESS_HEADERS = ['x-forwarded-for', 'forwarded', 'x-real-ip'] as const;
export type AddressHeader = (typeof ADDRESS_HEADERS)[number];

/** Lines of a request's address headers, in order; several lines of one header count as one list. */
export type AddressLines = Readonly<Partial<Record<AddressHeader, readonly string[]>>>;

/** Addresses in a header, nearest first; undefined for an entry without one. */
function* namedIn(header: AddressHeader, lines: readonly string[]): Generator<string | undefined> {
  if (header === 'forwarded') {
    for (const node of forwardedFor(lines.join(','))) yield canonicalAddress(node);
    return;
  }
  // A proxy that sets X-Real-IP writes one address; an earlier line is its client's.
  const entries = header === 'x-real-ip' ? lines.slice(-1) : lines.join(',').split(',');
  for (const entry of entries.slice(-MAX_HOPS).toReversed()) yield canonicalAddress(entry.trim());
}

/** Proxies named by the operator, whose address headers are trusted. */
export class TrustedProxies {
  readonly #networks: BlockList;
  readonly #headers: readonly AddressHeader[];

  /** @param header the only header that is read; default: the first of `ADDRESS_HEADERS` that a request has */
  constructor(networks: BlockList, header?: AddressHeader) {
    this.#networks = networks;
    this.#headers = header ? [header] : ADDRESS_HEADERS;
  }

  /** Header that names the client of this request. */
  headerOf(lines: AddressLines): AddressHeader | undefined {
    return this.#headers.find((name) => lines[name] !== undefined);
  }

  has(address: string): boolean {
    return isIP(address) !== 0 && this.#networks.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
  }

  /**
   * Nearest address that is not a trusted proxy: each trusted proxy vouches for the entry to its left; entries further
   * left may be forged. An entry without an address ends the search.
   * @param peer remote address of the connection
   */
  clientOf(peer: string, lines: AddressLines): string {
    let address = canonicalAddress(peer) ?? peer;
    const header = this.headerOf(lines);
    if (header === undefined || !this.has(address)) return address;
    let hops = 0;
    for (const next of namedIn(header, lines[header] ?? [])) {
      if (next === undefined) break;
      address = next;
      if (++hops === MAX_HOPS || !this.has(address)) break;
    }
    return address;
  }
}
