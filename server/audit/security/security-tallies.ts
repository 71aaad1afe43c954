import { SECURITY_ACTS, STAFF_ACTS } from '../../../protocol/security-kinds.ts';
import { type Bounds, type SecurityAct, Share, type Tally } from './security-share.ts';

/**
 * Separate budgets for acts of staff, acts of others, refusals, and events by strangers, so that none exhausts
 * another's. Acts are bounded by the number of authenticated people.
 */
export const SHARES = {
  staff: { whole: 2048, each: 512, variants: 256, block: Infinity, anonymous: false },
  acts: { whole: 4096, each: 64, variants: 16, block: Infinity, anonymous: false },
  refused: { whole: 1024, each: 32, variants: 16, block: Infinity, anonymous: true },
  strangers: { whole: 512, each: 32, variants: 16, block: 64, anonymous: true },
} as const satisfies Record<string, Bounds>;

/** Repetitions are counted and written once in this time, ms. */
const REPEAT_MS = 60_000;

/** Acts and refusals, counted until written. */
export class SecurityTallies {
  readonly #shares = {
    staff: new Share(SHARES.staff),
    acts: new Share(SHARES.acts),
    refused: new Share(SHARES.refused),
    strangers: new Share(SHARES.strangers),
  };

  get size(): number {
    return this.#all.reduce((sum, { size }) => sum + size, 0);
  }

  /** Unwritten tallies. */
  get unwritten(): number {
    return this.#all.reduce((sum, { tallies }) => sum + [...tallies].filter(({ count }) => count > 0).length, 0);
  }

  get #all(): readonly Share[] {
    return Object.values(this.#shares);
  }

  /** @param since start of a lasting act, server ms @param staff whether the actor is staff */
  count(
    act: SecurityAct,
    now: number,
    { since, staff = false }: { readonly since?: number | undefined; readonly staff?: boolean | undefined } = {},
  ): void {
    const tally = this.#shareOf(act, staff).count(act, now);
    if (since !== undefined) tally.since = Math.min(since, tally.since ?? since);
  }

  /** Takes due tallies, and drops those that did not recur. @param all due or not */
  take(now: number, most: number, all: boolean): Tally[] {
    const taken: Tally[] = [];
    for (const share of this.#all) {
      for (const tally of share.tallies) {
        // A clock set back must not delay them.
        if (!all && now < tally.due && tally.due - now <= REPEAT_MS) continue;
        if (tally.count === 0) {
          share.forget(tally);
          continue;
        }
        if (taken.length >= most) return inOrder(taken);
        taken.push({ ...tally });
        Object.assign(tally, { count: 0, folded: 0, since: undefined, due: now + REPEAT_MS });
      }
    }
    return inOrder(taken);
  }

  #shareOf({ kind, actor }: SecurityAct, staff: boolean): Share {
    if (actor === null) return this.#shares.strangers;
    if (!SECURITY_ACTS.has(kind)) return this.#shares.refused;
    return staff || STAFF_ACTS.has(kind) ? this.#shares.staff : this.#shares.acts;
  }
}

const inOrder = (tallies: readonly Tally[]): Tally[] => tallies.toSorted((a, b) => a.at - b.at);
