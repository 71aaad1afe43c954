import type { HttpResponse, TemplatedApp } from 'uWebSockets.js';
import { networkOf } from '../../auth/network.ts';
import type { Metrics } from '../../metrics.ts';
import { KeyedBuckets } from '../../token-bucket.ts';
import { canonicalAddress, type TrustedProxies } from './client-address.ts';

/**
 * What one address's new connections are counted in, seconds: as long as uWebSockets.js lets one live that has not sent
 * a whole request. It names the address of a connection that opens, and of none that closes: so this is the bound on
 * silent ones.
 */
const WINDOW_SECONDS = 10;
/**
 * From this share of all connections on, an answer ends its connection: nobody keeps one for a request now and then.
 */
const CROWDED = 0.8;

export interface ConnectionLimits {
  /** Open at once, in all; 0: no limit. */
  readonly connections: number;
  /** New ones of one address within 10 s; 0: no limit. */
  readonly connectionsPerAddress: number;
}

/**
 * Every TCP connection passes here, before a byte of it is read. One too many is closed at once: that costs less than
 * an answer.
 */
export class ConnectionGate {
  readonly #limits: ConnectionLimits;
  readonly #proxies: TrustedProxies;
  readonly #metrics: Metrics;
  readonly #fresh: KeyedBuckets | undefined;
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

  attach(app: TemplatedApp): void {
    app.filter((res, change) => (change === 1 ? this.#opened(res) : this.#closed()));
  }

  /** uWebSockets.js does not tell the filter when a connection ends that became a WebSocket. */
  socketClosed(): void {
    this.#closed();
  }

  #opened(res: HttpResponse): void {
    this.#open += 1;
    this.#metrics.connections.set(this.#open);
    const full = this.#limits.connections > 0 && this.#open > this.#limits.connections;
    if (!full && this.#isWelcome(res)) return;
    this.#metrics.shed.inc({ limit: full ? 'connections' : 'connections_per_address' });
    res.close();
  }

  #isWelcome(res: HttpResponse): boolean {
    if (!this.#fresh) return true;
    const peer = Buffer.from(res.getRemoteAddressAsText()).toString();
    const address = canonicalAddress(peer) ?? peer;
    return this.#proxies.has(address) || this.#fresh.take(networkOf(address), performance.now());
  }

  #closed(): void {
    this.#open -= 1;
    this.#metrics.connections.set(this.#open);
  }
}
