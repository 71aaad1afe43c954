import { ProtocolError } from '../../../protocol/errors.ts';
import { FailureBudget } from '../throttling/failure-budget.ts';
import { siteOf } from '../network.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Who shows a proof, as far as it tells the owner from somebody who has their password. */
export interface ProofSource {
  readonly address: string;
  /** The login, or the browser, in which a second factor of this account was proven before. */
  readonly proven?: string | undefined;
}

export type TypedProof = 'code' | 'recovery';

/**
 * Wrong codes of an account. Whoever has proven a factor before, in the login or in the browser that asks, is counted
 * by themselves; everybody else by site, and together: three of a million codes are right at a time, and NIST SP
 * 800-63B (5.2.2) allows 100 failures. Recovery codes cannot be guessed (120 bits) and are counted apart, only so that
 * trying them costs something. A try is counted before it is looked at, so that many at once are not all let through.
 */
export class ProofThrottle {
  readonly #now: () => number;
  readonly #soon = new FailureBudget(5, 15 * MINUTE_MS);
  readonly #daily = new FailureBudget(30, DAY_MS);
  readonly #strangers = new FailureBudget(100, DAY_MS);
  readonly #recovery = new FailureBudget(20, 15 * MINUTE_MS);

  /** @param now ms of a clock that is never set */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Counts a try. @returns to be called when it was right. @throws ProtocolError `rate_limited` */
  begin(userId: string, kind: TypedProof, { address, proven }: ProofSource): () => void {
    const key = `${userId} ${proven ?? siteOf(address)}`;
    const counted: [FailureBudget, string][] =
      kind === 'recovery'
        ? [[this.#recovery, key]]
        : [
            [this.#soon, key],
            [this.#daily, key],
          ];
    if (kind === 'code' && proven === undefined) counted.push([this.#strangers, userId]);
    const now = this.#now();
    const wait = Math.max(...counted.map(([budget, of]) => budget.wait(of, now)));
    if (wait > 0) throw limited(userId, kind, wait);
    for (const [budget, of] of counted) budget.spend(of, now);
    return () => {
      for (const [budget, of] of counted) budget.spend(of, this.#now(), budget === this.#soon ? -Infinity : -1);
    };
  }
}

function limited(userId: string, kind: TypedProof, ms: number): ProtocolError {
  const others =
    kind === 'code' ? '. A passkey, a recovery code, or a browser that you proved it in before is still accepted' : '';
  return new ProtocolError('rate_limited', `too many wrong codes; retry in ${Math.ceil(ms / MINUTE_MS)} min${others}`, {
    retryable: true,
    retryAfterSeconds: Math.ceil(ms / 1000),
    refusal: { kind: 'throttled', actor: userId, target: userId },
  });
}
