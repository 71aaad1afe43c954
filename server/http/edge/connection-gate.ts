import type { HttpResponse, TemplatedApp } from 'uWebSockets.js';
import { networkOf } from '../../auth/network.ts';
import type { Metrics } from '../../metrics.ts';
import { RecentKeys } from '../../recent-keys.ts';
import { KeyedBuckets } from '../../token-bucket.ts';
import { canonicalAddress, type TrustedProxies } from './client-address.ts';

/**
 * Window for new connections of one address, seconds: the time uWebSockets.js allows a connection without a complete
 * request. It reports the address of a connection when it opens but not when it closes, so this is the bound on idle
 * connections.
 */
const WINDOW_SECONDS = 10;
/** Above this share of the connection limit, connections are closed after each response: no keep-alive. */
const CROWDED = 0.8;
/** A network whose connection was closed is remembered for this long, ms. */
const REMEMBER_MS = 60_000;

export interface ConnectionLimits {
  /** Open connections in total; 0: no limit. */
  readonly connections: number;
  /** New connections of one address within 10 s; 0: no limit. */
  readonly connectionsPerAddress: number;
}

/**
 * Admits TCP connections before any byte is read. Connections over a limit are closed, which is cheaper than a
 * response.
 */
export class ConnectionGate {
  readonly #limits: ConnectionLimits;
  readonly #proxies: TrustedProxies;
  readonly #metrics: Metrics;
  readonly #fresh: KeyedBuckets | undefined;
  readonly #shed = new RecentKeys(REMEMBER_MS);
  #open = 0;

  constructor(limits: ConnectionLimits, proxies: TrustedProxies, metrics: Metrics) {
    this.#limits = limits;
    this.#proxies = proxies;
    this.#metrics = metrics;
    const burst = limits.connectionsPerAddress;
    if (burst > 0) this.#fresh = new KeyedBuckets({ burst, perSecond: burst / WINDOW_SECONDS });
  }

  get crowded(): boolean {
    return this.#limits.connections > 0 && this.#open >= this.#limits.connections * CROWDED;
  }

  /** Whether a connection of this address was closed lately: it has found no server, although there is one. */
  hasShed(address: string): boolean {
    return this.#shed.has(networkOf(address), performance.now());
  }

  attach(app: TemplatedApp): void {
    app.filter((res, change) => (change === 1 ? this.#opened(res) : this.#closed()));
  }

  /** uWebSockets.js does not report the end of a connection that became a WebSocket to the filter. */
  socketClosed(): void {
    this.#closed();
  }

  #opened(res: HttpResponse): void {
    this.#open += 1;
    this.#metrics.connections.set(this.#open);
    const full = this.#limits.connections > 0 && this.#open > this.#limits.connections;
    const address = peerOf(res);
    if (!full && this.#isWelcome(address)) return;
    this.#shed.add(networkOf(address), performance.now());
    this.#metrics.shed.inc({ limit: full ? 'connections' : 'connections_per_address' });
    res.close();
  }

  #isWelcome(address: string): boolean {
    if (!this.#fresh) return true;
    return this.#proxies.has(address) || this.#fresh.take(networkOf(address), performance.now());
  }

  #closed(): void {
    this.#open -= 1;
    this.#metrics.connections.set(this.#open);
  }
}

function peerOf(res: HttpResponse): string {
  const peer = Buffer.from(res.getRemoteAddressAsText()).toString();
  return canonicalAddress(peer) ?? peer;
}
