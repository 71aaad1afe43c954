/**
 * Server time on this device, whose own clock may be wrong or be set during an exam. Each `welcome` answers a `hello`:
 * the server read its clock between the two, so half the round trip is added to what it says, which is off by at most
 * the other half (F. Cristian, "Probabilistic clock synchronization", Distributed Computing 3, 1989, section 3). From
 * there a monotonic clock counts on. Times given to the methods are those of `performance.now`, ms.
 */
export class ServerClock {
  /** Server time less monotonic time, ms. */
  #offset: number | undefined;
  #askedAt: number | undefined;

  /** A message was sent whose answer states the server's time. */
  asked(at: number): void {
    this.#askedAt = at;
  }

  /** The answer came. The newest one counts: a monotonic clock may stop while the device sleeps. */
  answered(serverTime: string, at: number): void {
    const half = this.#askedAt === undefined ? 0 : (at - this.#askedAt) / 2;
    this.#askedAt = undefined;
    this.#offset = Date.parse(serverTime) + half - at;
  }

  /** A message that nobody asked for states a time: it is at least that late, also after a sleep of the device. */
  told(serverTime: string, at: number): void {
    const offset = Date.parse(serverTime) - at;
    this.#offset = Math.max(this.#offset ?? offset, offset);
  }

  /** Server time, ms since 1970; undefined before the server has stated it. */
  at(now: number): number | undefined {
    return this.#offset === undefined ? undefined : now + this.#offset;
  }
}
