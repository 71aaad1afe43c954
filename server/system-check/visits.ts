import { CHECK_MAX_BYTES, CHECK_MESSAGE_BYTES } from '../../protocol/check-socket.ts';
import { networkOf } from '../auth/network.ts';
import type { Metrics } from '../metrics.ts';
import { RecentKeys } from '../recent-keys.ts';
import { KeyedBuckets } from '../token-bucket.ts';

/** A class behind one address checks at the same time. */
const OPEN_PER_NETWORK = 40;
const OPEN = 400;
/** Handshakes of one network. */
const HANDSHAKES = { burst: 120, perSecond: 2 };
/** Messages of one network: 12 MiB at once, then 128 KiB a second. */
const MESSAGES = { burst: 3072, perSecond: 32 };
/** Messages of one socket, empty ones, pings and pongs included. */
const MESSAGES_PER_VISIT = (CHECK_MAX_BYTES / CHECK_MESSAGE_BYTES) * 2;
/** For this long after a refusal the network is told that the check is busy, ms: not that sockets do not work. */
const REMEMBER_MS = 60_000;

/** One socket of the system check. */
export interface Visit {
  /**
   * Counts a message.
   * @returns the bytes so far; `spent`: the socket has sent all that it may; `busy`: its network has
   */
  receive(bytes: number): number | 'spent' | 'busy';
  leave(): void;
}

/** Limits of the system check's sockets. They hold nothing but counts, and take no exam's place. */
export class CheckVisits {
  readonly #metrics: Metrics;
  readonly #handshakes = new KeyedBuckets(HANDSHAKES);
  readonly #messages = new KeyedBuckets(MESSAGES);
  readonly #refused = new RecentKeys(REMEMBER_MS);
  readonly #openOf = new Map<string, number>();
  #open = 0;

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
  }

  /** Counts a handshake. @returns false when the network has made too many */
  admit(address: string): boolean {
    const network = networkOf(address);
    const now = performance.now();
    if (this.#handshakes.take(network, now)) return true;
    this.#refuse(network, 'check_handshakes');
    return false;
  }

  /** Whether the address was refused, or would be: its failed handshake says nothing about its line. */
  isBusyFor(address: string): boolean {
    return this.#refused.has(networkOf(address), performance.now()) || this.#isFull(networkOf(address));
  }

  /** @returns undefined while too many are open */
  enter(address: string): Visit | undefined {
    const network = networkOf(address);
    if (this.#isFull(network)) {
      this.#refuse(network, 'check_sockets');
      return undefined;
    }
    this.#open += 1;
    this.#openOf.set(network, (this.#openOf.get(network) ?? 0) + 1);
    let left = false;
    let messages = 0;
    let bytes = 0;
    return {
      receive: (more) => {
        messages += 1;
        bytes += more;
        if (messages > MESSAGES_PER_VISIT || bytes > CHECK_MAX_BYTES) return 'spent';
        if (this.#messages.take(network, performance.now())) return bytes;
        this.#refuse(network, 'check_messages');
        return 'busy';
      },
      leave: () => {
        if (left) return;
        left = true;
        this.#open -= 1;
        const others = (this.#openOf.get(network) ?? 1) - 1;
        if (others > 0) this.#openOf.set(network, others);
        else this.#openOf.delete(network);
      },
    };
  }

  #isFull(network: string): boolean {
    return this.#open >= OPEN || (this.#openOf.get(network) ?? 0) >= OPEN_PER_NETWORK;
  }

  #refuse(network: string, limit: string): void {
    this.#metrics.shed.inc({ limit });
    this.#refused.add(network, performance.now());
  }
}
