/** One signal in flight to all consoles. */
interface Flight {
  readonly sentAt: number;
  /** Consoles that have received neither the signal nor a gap. */
  left: number;
}

/** Not sent to this console yet. */
const UNKNOWN = -1;

/** Receipts of one console, per session. */
interface Receipts {
  /** Highest offset of the session's changes. */
  readonly offsets: Int32Array;
  /** Highest number of its signals. */
  readonly numbers: Int32Array;
  /** 1: a gap was reported. */
  readonly gaps: Uint8Array;
}

export interface DeliveryCounts {
  /** Events received, by all consoles together. */
  readonly delivered: number;
  /** Reported gaps. */
  readonly gaps: number;
  /** Offsets skipped without a reported gap. */
  readonly missing: number;
  /** Offsets repeated or out of order. */
  readonly repeated: number;
  /** From a student's send to a console's receipt, ms. */
  readonly latencies: readonly number[];
}

/**
 * Tracks delivery of the students' signals to consoles (rules E3 and P2): each change once and in order, or a reported
 * gap.
 */
export class Delivery {
  readonly #receipts: readonly Receipts[];
  /** Per session; the nth signal at index n - 1. */
  readonly #flights: readonly Flight[][];
  readonly #completed: () => void;
  /** Per session: consoles with a reported gap. */
  readonly #gapped: Int32Array;
  #counts = { delivered: 0, gaps: 0, missing: 0, repeated: 0, latencies: [] as number[] };

  /** @param completed called when all consoles without a gap have received a signal */
  constructor(sessions: number, consoles: number, completed: () => void = () => {}) {
    this.#receipts = Array.from({ length: consoles }, () => ({
      offsets: new Int32Array(sessions).fill(UNKNOWN),
      numbers: new Int32Array(sessions),
      gaps: new Uint8Array(sessions),
    }));
    this.#flights = Array.from({ length: sessions }, () => []);
    this.#gapped = new Int32Array(sessions);
    this.#completed = completed;
  }

  /** Events received since the last `recount`, by all consoles together. */
  get delivered(): number {
    return this.#counts.delivered;
  }

  /** Starts a new count. @returns the last one */
  recount(): DeliveryCounts {
    const counts = this.#counts;
    this.#counts = { delivered: 0, gaps: 0, missing: 0, repeated: 0, latencies: [] };
    return counts;
  }

  /** The console has the session's state as of this change. */
  shown(console: number, session: number, offset: number): void {
    const { offsets, numbers, gaps } = this.#receipts[console]!;
    offsets[session] = offset;
    numbers[session] = this.#flights[session]!.length;
    if (gaps[session] === 1) this.#gapped[session]! -= 1;
    gaps[session] = 0;
  }

  /** True if it has received all sessions. */
  seesAll(console: number): boolean {
    return !this.#receipts[console]!.offsets.includes(UNKNOWN);
  }

  /** @returns the signal's number, from 1 */
  sent(session: number, now: number): number {
    const left = this.#receipts.length - this.#gapped[session]!;
    if (left === 0) setImmediate(this.#completed);
    return this.#flights[session]!.push({ sentAt: now, left });
  }

  /** @param number of the signal; 0 for other events */
  received(console: number, session: number, offset: number, number: number, now: number): void {
    const { offsets, numbers, gaps } = this.#receipts[console]!;
    const counts = this.#counts;
    const last = offsets[session]!;
    counts.delivered += 1;
    if (offset <= last) {
      counts.repeated += 1;
      return;
    }
    if (offset > last + 1 && gaps[session] === 0) counts.missing += offset - last - 1;
    offsets[session] = offset;
    const flight = this.#flights[session]![number - 1];
    if (!flight) return;
    counts.latencies.push(now - flight.sentAt);
    if (gaps[session] === 1 || number <= numbers[session]!) return;
    numbers[session] = number;
    this.#land(flight);
  }

  /** Events of this session before the console resubscribes do not count as missing. */
  gap(console: number, session: number): void {
    const { gaps, numbers } = this.#receipts[console]!;
    this.#counts.gaps += 1;
    if (gaps[session] === 1) return;
    gaps[session] = 1;
    this.#gapped[session]! += 1;
    for (const flight of this.#flights[session]!.slice(numbers[session])) this.#land(flight);
  }

  /** Signals that some console has received neither directly nor as a gap. */
  get outstanding(): number {
    let count = 0;
    for (const { numbers, gaps } of this.#receipts) {
      for (const [session, flights] of this.#flights.entries())
        if (gaps[session] === 0) count += flights.length - numbers[session]!;
    }
    return count;
  }

  /** Consoles with a reported gap that have not resubscribed. */
  get withGaps(): number[] {
    return this.#receipts.flatMap(({ gaps }, console) => (gaps.includes(1) ? [console] : []));
  }

  #land(flight: Flight): void {
    flight.left -= 1;
    if (flight.left === 0) this.#completed();
  }
}
