import { MAX_STUDENT_WORDS } from '../../../protocol/conversation.ts';
import { SIGNALS } from '../../../protocol/event-types.ts';
import { KeyedBuckets, TokenBucket } from '../../token-bucket.ts';

/**
 * Signals of a session that are stored one by one (rule S10). The burst is a queue of two hours without network at five
 * a minute; it is the session's, so that neither a reconnect nor another stream nor HTTP begins it anew.
 */
const SIGNALS_RATE = { burst: 600, perSecond: 5 };
/**
 * Once the budget is spent, signals are counted until this many tokens are free again: counts are written before the
 * next stored signal.
 */
const RESUME_AT = 50;
/** Number of each known signal that is always stored: a flood of one name hides no other. */
const ALWAYS_KEPT = 20;
/** What the student says to staff (rule M2). The burst is twice what a client holds while it has no connection. */
const WORDS_RATE = { burst: 20, perSecond: 0.2 };
/** For each type of incident, connection event and conflict. */
const OTHERS_RATE = { burst: 60, perSecond: 0.1 };
/** Connections that replace a live one (rule C7). */
const TAKEOVER_RATE = { burst: 20, perSecond: 0.1 };
/** Seconds until the next takeover is allowed. */
export const TAKEOVER_RETRY_S = 10;
/**
 * Events of one session, all types and processes together: some 60 MB with their audit entries. Beyond it everything
 * from the student's side is counted only.
 */
const MAX_EVENTS = 20_000;

const KNOWN: ReadonlySet<string> = new Set(SIGNALS);

/** Limit on the events that a student's side can cause in one session. Times are server ms. */
export class EventBudget {
  readonly #signals: TokenBucket;
  readonly #takeovers: TokenBucket;
  readonly #words: TokenBucket;
  readonly #others = new KeyedBuckets(OTHERS_RATE);
  readonly #kept = new Map<string, number>();
  readonly #stored: () => number;
  readonly #said: () => number;
  #counting = false;

  /**
   * @param stored events that the session has, also those of earlier processes
   * @param said what the student has said to staff, of these
   */
  constructor(stored: () => number, said: () => number, now: number) {
    this.#stored = stored;
    this.#said = said;
    this.#words = new TokenBucket(WORDS_RATE, now);
    this.#signals = new TokenBucket(SIGNALS_RATE, now);
    this.#takeovers = new TokenBucket(TAKEOVER_RATE, now);
  }

  get isFull(): boolean {
    return this.#stored() >= MAX_EVENTS;
  }

  /** @returns whether the signal is stored by itself; otherwise it is counted */
  takeSignal(type: string, now: number): boolean {
    if (this.isFull) return false;
    if (this.#counting && this.#signals.has(RESUME_AT, now)) this.#counting = false;
    if (!this.#counting && this.#signals.take(1, now)) return true;
    this.#counting = true;
    return this.#isKept(type);
  }

  /** What the student says to staff: neither a flood of signals nor a full session keeps anybody from asking for help. */
  takeWord(now: number): boolean {
    return this.#said() < MAX_STUDENT_WORDS && this.#words.take(1, now);
  }

  /** An incident, a connection or a conflict. @returns whether it is stored by itself */
  takeOther(type: string, now: number): boolean {
    return !this.isFull && this.#others.take(type, now);
  }

  takeTakeover(now: number): boolean {
    return this.#takeovers.take(1, now);
  }

  #isKept(type: string): boolean {
    const kept = this.#kept.get(type) ?? 0;
    if (!KNOWN.has(type) || kept >= ALWAYS_KEPT) return false;
    this.#kept.set(type, kept + 1);
    return true;
  }
}
