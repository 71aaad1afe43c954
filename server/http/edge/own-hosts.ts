import { isIP } from 'node:net';
import { hostname } from 'node:os';

const SHAPE = /^(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::\d{1,5})?$/;

/** Name or address of a `Host` header in lower case, without port and brackets; undefined for what is none. */
function nameOf(host: string): string | undefined {
  const name = SHAPE.exec(host.toLowerCase())?.[1];
  // The root's dot makes a top-level domain of a name without another one, and whoever has that can point it anywhere.
  if (name !== undefined && /^[^.]*\.$/.test(name) && name !== 'localhost.') return undefined;
  return name?.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

/**
 * A name that no stranger can make point at this server: an address, or one without a dot (`localhost`, a service of a
 * container network), for which there is no public zone.
 */
const cannotBeRebound = (name: string) => isIP(name) !== 0 || !name.includes('.');

/**
 * Under which names this server is reached. A page can make its own name point at any address (DNS rebinding): what
 * such a page sends carries its name as `Host` and as `Origin` alike, and is told apart by nothing else.
 */
export class OwnHosts {
  readonly #names: ReadonlySet<string>;
  readonly #origins: ReadonlySet<string>;
  readonly #https: ReadonlySet<string>;

  /** @param publicUrls as browsers know the server; empty: not told. `host`: what it listens on */
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

  /**
   * Whether a page of this origin is one of this server's. Where `PUBLIC_URL` says which those are, no other is, but
   * for pages on this very machine.
   */
  isOwnOrigin(origin: string, host: string): boolean {
    if (this.#origins.has(origin)) return true;
    if (!URL.canParse(origin) || !this.knows(host)) return false;
    const url = new URL(origin);
    if (url.origin !== origin || url.host !== host.toLowerCase()) return false;
    return this.#origins.size === 0 || isLoopback(nameOf(host) ?? '');
  }

  /** Whether `PUBLIC_URL` says that browsers reach this host by TLS. */
  isHttps(host: string): boolean {
    return this.#https.has(host.toLowerCase().replace(/:443$/, ''));
  }
}

const isLoopback = (name: string) => name === 'localhost' || name === '::1' || /^127(?:\.\d{1,3}){3}$/.test(name);
