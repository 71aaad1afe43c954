import { isIP } from 'node:net';
import { hostname } from 'node:os';

const SHAPE = /^(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::\d{1,5})?$/;

/** Name or address in a `Host` header, lower case, without port and brackets; undefined if invalid. */
function nameOf(host: string): string | undefined {
  const name = SHAPE.exec(host.toLowerCase())?.[1];
  // With the root dot, a name without other dots is a top-level domain, whose owner can point it anywhere.
  if (name !== undefined && /^[^.]*\.$/.test(name) && name !== 'localhost.') return undefined;
  return name?.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

/**
 * A name that cannot be rebound: an IP address, or a name without a dot (`localhost`, a service of a container
 * network), for which there is no public zone.
 */
const cannotBeRebound = (name: string) => isIP(name) !== 0 || !name.includes('.');

/**
 * Host names of this server. A page can point its own name at any address (DNS rebinding); its requests carry that name
 * as `Host` and as `Origin` and differ in nothing else.
 */
export class OwnHosts {
  readonly #names: ReadonlySet<string>;
  readonly #origins: ReadonlySet<string>;
  readonly #https: ReadonlySet<string>;

  /** @param publicUrls public URLs of the server; empty if not configured @param host address or name it listens on */
  constructor(publicUrls: readonly string[], host: string) {
    const urls = publicUrls.map((url) => new URL(url));
    this.#names = new Set([...urls.map((url) => nameOf(url.host) ?? ''), host.toLowerCase(), hostname().toLowerCase()]);
    this.#origins = new Set(urls.map((url) => url.origin));
    this.#https = new Set(urls.filter((url) => url.protocol === 'https:').map((url) => url.host));
  }

  /** @param host a request's `Host` */
  knows(host: string): boolean {
    const name = nameOf(host);
    return name !== undefined && (this.#names.has(name) || cannotBeRebound(name));
  }

  /** Whether the origin is one of this server's. If `PUBLIC_URL` is set, only its origins and loopback are. */
  isOwnOrigin(origin: string, host: string): boolean {
    if (this.#origins.has(origin)) return true;
    if (!URL.canParse(origin) || !this.knows(host)) return false;
    const url = new URL(origin);
    if (url.origin !== origin || url.host !== host.toLowerCase()) return false;
    return this.#origins.size === 0 || isLoopback(nameOf(host) ?? '');
  }

  /** Whether browsers reach this host over TLS, according to `PUBLIC_URL`. */
  isHttps(host: string): boolean {
    return this.#https.has(host.toLowerCase().replace(/:443$/, ''));
  }
}

const isLoopback = (name: string) => name === 'localhost' || name === '::1' || /^127(?:\.\d{1,3}){3}$/.test(name);
