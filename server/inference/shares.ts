/** Charged for an owner's first frame, ms. */
const FIRST_ESTIMATE_MS = 10;
/** Minimum charge: a turn is never free. */
const LEAST_MS = 0.5;
/** Weight of the newest frame in the expected cost of the next one. */
const SMOOTHING = 0.3;
/** A frame is costly from this multiple of the lower quartile of all costs. */
const COSTLY = 3;
/** Number of owners above which those without debts are dropped. */
const REMEMBERED = 1024;

/** Usage of one owner in virtual time: worker milliseconds, on the scale of the owner with the least. */
export class Share<Source> {
  readonly waiting: Source[] = [];
  at = 0;
  /** Expected of the next frame, ms; undefined: none was seen yet. */
  cost: number | undefined;
  inFlight = 0;
}

/**
 * Start-time fair queueing (Goyal, Vin, Cheng 1996) over owners: each turn goes to the owner whose virtual time is the
 * least, and moves it on by the worker time of the frame. An idle owner starts where the others are: nothing is
 * saved up. The estimate is charged at the turn and corrected by the measured cost, so that several frames of one owner
 * at once are all charged. A pick scans the waiting owners: 2 us at 500.
 */
export class Shares<Source> {
  readonly #shares = new Map<unknown, Share<Source>>();
  /** Owners that wait, who began first at first. */
  readonly #queue: Share<Source>[] = [];
  #now = 0;
  /** The furthest that anybody has come. */
  #latest = 0;
  #inFlight = 0;
  #waiting = 0;
  #costlyMs = Number.POSITIVE_INFINITY;

  get waiting(): number {
    return this.#waiting;
  }

  push(owner: unknown, source: Source): void {
    const share = this.#of(owner);
    if (share.waiting.length === 0) {
      if (share.inFlight === 0) share.at = Math.max(share.at, this.#now);
      this.#queue.push(share);
    }
    share.waiting.push(source);
    this.#waiting += 1;
  }

  /** The source whose turn is next. */
  peek(): Source | undefined {
    return this.#next()?.waiting[0];
  }

  /** Removes the source whose turn is next. */
  shift(): Source | undefined {
    const share = this.#next();
    const source = share?.waiting.shift();
    if (!share || source === undefined) return undefined;
    this.#waiting -= 1;
    this.#queue.splice(this.#queue.indexOf(share), 1);
    // Behind owners with the same usage.
    if (share.waiting.length > 0) this.#queue.push(share);
    return source;
  }

  /** A frame of this owner goes to the models. @returns a function that takes its measured cost, ms */
  charge(owner: unknown): (ms: number) => void {
    const share = this.#of(owner);
    const estimate = share.cost ?? FIRST_ESTIMATE_MS;
    this.#now = Math.max(this.#now, share.at);
    share.at += estimate;
    share.inFlight += 1;
    this.#inFlight += 1;
    return (ms) => {
      const cost = Math.max(LEAST_MS, ms);
      share.inFlight -= 1;
      this.#inFlight -= 1;
      share.at += cost - estimate;
      this.#latest = Math.max(this.#latest, share.at);
      // The queue is empty: debts end.
      if (this.#inFlight === 0 && this.#waiting === 0) this.#now = this.#latest;
      share.cost = share.cost === undefined ? cost : share.cost + SMOOTHING * (cost - share.cost);
      if (this.#shares.size > REMEMBERED) this.#forget();
    };
  }

  /** Whether its frames cost several times those of others: its wait is no sign of load then. */
  isCostly(owner: unknown): boolean {
    return (this.#shares.get(owner)?.cost ?? 0) > this.#costlyMs;
  }

  /** Updates the threshold for costly frames; call once per measuring period. */
  judge(): void {
    const costs = [...this.#shares.values()].flatMap(({ cost }) => cost ?? []).sort((a, b) => a - b);
    this.#costlyMs =
      costs.length === 0 ? Number.POSITIVE_INFINITY : COSTLY * Math.max(LEAST_MS, costs[costs.length >> 2]!);
    this.#forget();
  }

  #next(): Share<Source> | undefined {
    let least = this.#queue[0];
    for (const share of this.#queue) if (share.at < least!.at) least = share;
    return least;
  }

  #of(owner: unknown): Share<Source> {
    let share = this.#shares.get(owner);
    if (!share) {
      share = new Share();
      share.at = this.#now;
      this.#shares.set(owner, share);
    }
    return share;
  }

  /** Drops owners without waiting frames and without debts. */
  #forget(): void {
    if (this.#shares.size <= REMEMBERED) return;
    for (const [owner, share] of this.#shares)
      if (share.inFlight === 0 && share.waiting.length === 0 && share.at <= this.#now) this.#shares.delete(owner);
  }
}
