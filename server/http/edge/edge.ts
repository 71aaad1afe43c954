import type { TemplatedApp } from 'uWebSockets.js';
import { networkOf } from '../../auth/network.ts';
import type { Logger } from '../../log.ts';
import type { Metrics } from '../../metrics.ts';
import { KeyedBuckets } from '../../token-bucket.ts';
import { Turns } from '../../turns.ts';
import { BodyBudget } from '../limits/body-budget.ts';
import { withoutBasePath } from './base-path.ts';
import { type AddressHeader, type AddressLines, canonicalAddress, type TrustedProxies } from './client-address.ts';
import { ConnectionFaults } from './connection-faults.ts';
import { ConnectionGate, type ConnectionLimits } from './connection-gate.ts';
import { OwnHosts } from './own-hosts.ts';
import { Refusals } from '../limits/refusals.ts';

/**
 * Responses without a body (204, mostly to preflights) per address. uWebSockets.js buffers about 400 bytes for each one
 * that the client does not read, without reporting it: at most 80 KB/s.
 */
const BODILESS = { burst: 10_000, perSecond: 200 };

/** Time budget of one event loop turn for requests and for socket messages, ms. */
const REQUESTS_MS = 4;
const MESSAGES_MS = 8;

export interface EdgeParts {
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly hosts?: OwnHosts;
  /** Other origins whose pages may open sockets. */
  readonly allowedOrigins?: readonly string[];
  /** Path prefix of the server; empty: none. */
  readonly basePath?: string;
  /** Whether to send Strict-Transport-Security on requests over TLS. */
  readonly strictTransport?: boolean;
}

/** Limits and client identification shared by all requests of a server. */
export class Edge {
  readonly gate: ConnectionGate;
  readonly bodies = new BodyBudget();
  readonly hosts: OwnHosts;
  readonly faults: ConnectionFaults;
  readonly basePath: string;
  readonly #strictTransport: boolean;
  /**
   * Separate budgets for requests and for socket messages: a storm of requests cannot use up the share of running
   * exams.
   */
  readonly turns = new Turns(REQUESTS_MS);
  readonly messageTurns = new Turns(MESSAGES_MS);
  readonly refusals = new Refusals();
  readonly #proxies: TrustedProxies;
  readonly #log: Logger;
  readonly #bodiless = new KeyedBuckets(BODILESS);
  #warned = false;
  #warnedOfTwo = false;

  constructor(
    limits: ConnectionLimits,
    proxies: TrustedProxies,
    {
      metrics,
      log,
      hosts = new OwnHosts([], ''),
      basePath = '',
      allowedOrigins = [],
      strictTransport = false,
    }: EdgeParts,
  ) {
    this.hosts = hosts;
    this.faults = new ConnectionFaults(log, hosts, allowedOrigins);
    this.basePath = basePath;
    this.#strictTransport = strictTransport;
    this.#proxies = proxies;
    this.#log = log;
    this.gate = new ConnectionGate(limits, proxies, metrics);
  }

  attach(app: TemplatedApp): void {
    this.gate.attach(app);
  }

  /** A request's path without the prefix. */
  pathOf(path: string): string {
    return withoutBasePath(path, this.basePath);
  }

  clientOf(peer: string, lines: AddressLines): string {
    const header = this.#proxies.headerOf(lines);
    if (header !== undefined && !(this.#warned && this.#warnedOfTwo)) this.#warnOf(header, peer, lines);
    return this.#proxies.clientOf(peer, lines);
  }

  #warnOf(header: AddressHeader, peer: string, lines: AddressLines): void {
    if (!this.#proxies.has(canonicalAddress(peer) ?? peer)) {
      if (this.#warned) return;
      this.#warned = true;
      this.#log.warn(
        { peer, header },
        'header with the client address ignored: the peer is not in TRUSTED_PROXIES. Behind a proxy, all its clients share one address. Logged once',
      );
      return;
    }
    const client = this.#proxies.clientOf(peer, lines);
    const other = (Object.keys(lines) as AddressHeader[]).find(
      (name) => name !== header && this.#proxies.clientOf(peer, { [name]: lines[name] }) !== client,
    );
    if (other === undefined || this.#warnedOfTwo) return;
    this.#warnedOfTwo = true;
    this.#log.warn(
      { peer, used: header, other },
      'two headers of a trusted proxy name different clients: one of them may be written by the client. Set CLIENT_ADDRESS_HEADER to the one that the proxy sets. Logged once',
    );
  }

  /**
   * Whether the request came over TLS, according to a trusted proxy or PUBLIC_URL; decides on
   * Strict-Transport-Security.
   * @param proto the request's `X-Forwarded-Proto`, or what `Forwarded` says
   */
  isSecure(peer: string, proto: string, host: string): boolean {
    if (!this.#strictTransport) return false;
    const nearest = proto.split(',').at(-1)?.trim().toLowerCase();
    return (nearest === 'https' && this.#proxies.has(canonicalAddress(peer) ?? peer)) || this.hosts.isHttps(host);
  }

  /** Whether this address may get another response without a body. */
  takesBodiless(address: string): boolean {
    return this.#bodiless.take(networkOf(address), performance.now());
  }
}
