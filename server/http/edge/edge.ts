import type { TemplatedApp } from 'uWebSockets.js';
import { networkOf } from '../../auth/network.ts';
import type { Logger } from '../../log.ts';
import type { Metrics } from '../../metrics.ts';
import { KeyedBuckets } from '../../token-bucket.ts';
import { Turns } from '../../turns.ts';
import { BodyBudget } from '../limits/body-budget.ts';
import { canonicalAddress, type TrustedProxies } from './client-address.ts';
import { ConnectionGate, type ConnectionLimits } from './connection-gate.ts';
import { OwnHosts } from './own-hosts.ts';
import { Refusals } from '../limits/refusals.ts';

/**
 * Answers without a body (204, to preflights above all) to one address. uWebSockets.js keeps those of a client that
 * does not read, some 400 bytes each, and does not say that it does: this is 80 KB a second at most.
 */
const BODILESS = { burst: 10_000, perSecond: 200 };

/** What one turn of the event loop may spend on requests, and on messages of sockets, ms. */
const REQUESTS_MS = 4;
const MESSAGES_MS = 8;

export interface EdgeParts {
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly hosts?: OwnHosts;
  /** Whether browsers that came by TLS are told to come by nothing else. */
  readonly strictTransport?: boolean;
}

/** What all requests to one server pass, whoever sends them. */
export class Edge {
  readonly gate: ConnectionGate;
  readonly bodies = new BodyBudget();
  readonly hosts: OwnHosts;
  readonly #strictTransport: boolean;
  /** Of requests, and of messages of open sockets: a storm of requests uses up no exam's share. */
  readonly turns = new Turns(REQUESTS_MS);
  readonly messageTurns = new Turns(MESSAGES_MS);
  readonly refusals = new Refusals();
  readonly #proxies: TrustedProxies;
  readonly #log: Logger;
  readonly #bodiless = new KeyedBuckets(BODILESS);
  #warned = false;

  constructor(
    limits: ConnectionLimits,
    proxies: TrustedProxies,
    { metrics, log, hosts = new OwnHosts([], ''), strictTransport = false }: EdgeParts,
  ) {
    this.hosts = hosts;
    this.#strictTransport = strictTransport;
    this.#proxies = proxies;
    this.#log = log;
    this.gate = new ConnectionGate(limits, proxies, metrics);
  }

  attach(app: TemplatedApp): void {
    this.gate.attach(app);
  }

  /** @param forwarded the request's `X-Forwarded-For` */
  clientOf(peer: string, forwarded: string): string {
    if (forwarded !== '' && !this.#warned && !this.#proxies.has(canonicalAddress(peer) ?? peer)) {
      this.#warned = true;
      this.#log.warn(
        { peer },
        'X-Forwarded-For was sent by an address that is not in TRUSTED_PROXIES: it is not believed. Said once; behind a proxy all its clients share one address',
      );
    }
    return this.#proxies.clientOf(peer, forwarded);
  }

  /**
   * Whether a browser sent this request by TLS, and is to go on so: a proxy says it that is trusted, or PUBLIC_URL
   * does. @param proto the request's `X-Forwarded-Proto`
   */
  isSecure(peer: string, proto: string, host: string): boolean {
    if (!this.#strictTransport) return false;
    const nearest = proto.split(',').at(-1)?.trim().toLowerCase();
    return (nearest === 'https' && this.#proxies.has(canonicalAddress(peer) ?? peer)) || this.hosts.isHttps(host);
  }

  /** Whether there is one more answer without a body for this address. */
  takesBodiless(address: string): boolean {
    return this.#bodiless.take(networkOf(address), performance.now());
  }
}
