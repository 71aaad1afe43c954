import { networkOf } from '../../auth/network.ts';
import type { Logger } from '../../log.ts';
import { RecentKeys } from '../../recent-keys.ts';
import type { SocketCheck } from '../../../protocol/http/socket-check.ts';
import type { OwnHosts } from './own-hosts.ts';

/** Names and origins come from strangers: at most this many different lines an hour, each once. */
const MAX_LINES = 20;
const HOUR_MS = 3_600_000;
/** A request for a socket without an upgrade is remembered for this long, ms. */
const REMEMBER_MS = 60_000;

/** A page that asks why its sockets fail. */
export interface AskingPage {
  /** `Origin` and `Host` of its request. */
  readonly origin: string;
  readonly host: string;
  /** URL under which it knows the server; undefined if it does not tell. */
  readonly server: string | undefined;
  readonly address: string;
}

const originOf = (url: string | undefined): string | undefined =>
  url !== undefined && URL.canParse(url) ? new URL(url).origin : undefined;

/** Why sockets are refused, as the setting to change: logged once for each host, and told to pages that ask. */
export class ConnectionFaults {
  readonly #log: Logger;
  readonly #hosts: OwnHosts;
  readonly #allowed: readonly string[];
  readonly #noUpgrade = new RecentKeys(REMEMBER_MS);
  readonly #logged = new Set<string>();
  #hourEnds = 0;

  constructor(log: Logger, hosts: OwnHosts, allowedOrigins: readonly string[]) {
    this.#log = log;
    this.#hosts = hosts;
    this.#allowed = allowedOrigins;
  }

  /** A request was refused for its `Host`. */
  host(host: string): void {
    if (!this.#isNew(`host ${host}`)) return;
    this.#log.warn(
      { host: host.slice(0, 253), setting: 'PUBLIC_URL' },
      'requests for this host name are refused (421 unknown_host): if it is a name of this server, add its address to PUBLIC_URL; if the proxy changes Host, let it pass Host on. Logged once an hour',
    );
  }

  /** A socket was refused for its `Origin`. */
  origin(origin: string, host: string): void {
    if (!this.#isNew(`origin ${origin} ${host}`)) return;
    this.#log.warn(
      { origin: origin.slice(0, 261), host: host.slice(0, 253), setting: 'PUBLIC_URL or ALLOWED_ORIGINS' },
      "sockets of pages of this origin are refused (403 bad_origin): if they are this server's own pages, set PUBLIC_URL to the origin, or let the proxy pass Host on as the browser sent it; if another site embeds the SDK, add the origin to ALLOWED_ORIGINS. Logged once an hour",
    );
  }

  /** A request for a socket came without an upgrade. */
  upgrade(address: string, host: string): void {
    this.#noUpgrade.add(networkOf(address), performance.now());
    if (!this.#isNew(`upgrade ${host}`)) return;
    this.#log.warn(
      { host: host.slice(0, 253), setting: 'proxy' },
      'a request for a socket came without Upgrade: the proxy must pass WebSocket upgrades (Upgrade and Connection). Logged once an hour',
    );
  }

  explain({ origin, host, server, address }: AskingPage): SocketCheck {
    if (!this.#hosts.knows(host))
      return {
        allowed: false,
        code: 'unknown_host',
        setting: 'PUBLIC_URL',
        origin: originOf(server) ?? null,
        detail: `the server does not know the host name of this address: it has to be in PUBLIC_URL`,
      };
    if (origin !== '' && !this.#allowed.includes(origin) && !this.#hosts.isOwnOrigin(origin, host)) {
      const isOwnPage = originOf(server) === origin;
      return {
        allowed: false,
        code: 'bad_origin',
        setting: isOwnPage ? 'PUBLIC_URL' : 'ALLOWED_ORIGINS',
        origin: origin.slice(0, 261),
        detail: isOwnPage
          ? 'the server does not know this address as its own: it has to be in PUBLIC_URL, or the proxy has to pass Host on as the browser sent it'
          : 'the server accepts no sockets of pages of this origin: it has to be in ALLOWED_ORIGINS',
      };
    }
    if (this.#noUpgrade.has(networkOf(address), performance.now()))
      return {
        allowed: false,
        code: 'websocket_blocked',
        setting: 'proxy',
        origin: null,
        detail: 'requests for sockets arrive without Upgrade: the proxy has to pass WebSocket upgrades',
      };
    return { allowed: true, code: null, setting: null, origin: null, detail: null };
  }

  #isNew(key: string): boolean {
    const now = performance.now();
    if (now >= this.#hourEnds) {
      this.#logged.clear();
      this.#hourEnds = now + HOUR_MS;
    }
    if (this.#logged.has(key) || this.#logged.size >= MAX_LINES) return false;
    this.#logged.add(key);
    return true;
  }
}
