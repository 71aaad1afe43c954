/** Charged for a frame before anything is known of its owner, ms. */
const FIRST_ESTIMATE_MS = 10;
/** No frame is for nothing: turns alone would be free. */
const LEAST_MS = 0.5;
/** Weight of the newest frame in what the next one is expected to cost. */
const SMOOTHING = 0.3;
/** A frame counts as costly from so many times what the cheaper quarter of the others costs. */
const COSTLY = 3;
/** Owners that are remembered before those who owe nothing are forgotten. */
const REMEMBERED = 1024;

/** What one owner has had, in virtual time: worker milliseconds on the scale of whoever has had least. */
export class Share<Source> {
  readonly waiting: Source[] = [];
  at = 0;
  /** Expected of the next frame, ms; undefined: none was seen yet. */
  cost: number | undefined;
  inFlight = 0;
}

/**
 * Start-time fair queueing (Goyal, Vin, Cheng 1996) over owners: each turn goes to the owner whose virtual time is the
 * least, and moves it on by what the frame costs a worker. Whoever was idle begins where the others are: nothing is
 * saved up. The estimate is charged at the turn and put right by what was measured, so that several frames of one owner
 * at once are not one price. A pick looks at each owner that waits once: 2 us at 500.
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

  /** Whose turn it is. */
  peek(): Source | undefined {
    return this.#next()?.waiting[0];
  }

  /** Removes whose turn it is. */
  shift(): Source | undefined {
    const share = this.#next();
    const source = share?.waiting.shift();
    if (!share || source === undefined) return undefined;
    this.#waiting -= 1;
    this.#queue.splice(this.#queue.indexOf(share), 1);
    // Behind whoever has had as much.
    if (share.waiting.length > 0) this.#queue.push(share);
    return source;
  }

  /** A frame of this owner goes to the models. @returns what to call when it is known what it cost, ms */
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
      // Nobody waits for anything: what was owed is over.
      if (this.#inFlight === 0 && this.#waiting === 0) this.#now = this.#latest;
      share.cost = share.cost === undefined ? cost : share.cost + SMOOTHING * (cost - share.cost);
      if (this.#shares.size > REMEMBERED) this.#forget();
    };
  }

  /** Its frames cost several times what others' do: that it waits says nothing about the others. */
  isCostly(owner: unknown): boolean {
    return (this.#shares.get(owner)?.cost ?? 0) > this.#costlyMs;
  }

  /** Looks anew at what is costly; call it once a measuring period. */
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

  /** Who waits for nothing and owes nothing. */
  #forget(): void {
    if (this.#shares.size <= REMEMBERED) return;
    for (const [owner, share] of this.#shares)
      if (share.inFlight === 0 && share.waiting.length === 0 && share.at <= this.#now) this.#shares.delete(owner);
  }
}
