import { ProtocolError } from '../../../protocol/errors.ts';
import { FailureBudget } from '../throttling/failure-budget.ts';
import { siteOf } from '../network.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Source of a code, as far as it distinguishes the owner from somebody with the password. */
export interface ProofSource {
  readonly address: string;
  /** The login or browser in which a second factor of this account was verified before. */
  readonly proven?: string | undefined;
}

export type TypedProof = 'code' | 'recovery';

/**
 * Limits wrong codes per account. A login or browser that verified a factor before is counted by itself; all others are
 * counted by site and together: three of a million codes are valid at a time, and NIST SP 800-63B (5.2.2) allows 100
 * failures. Recovery codes cannot be guessed (120 bits) and are counted separately, only to bound the cost of checking.
 * An attempt is counted before it is checked, so concurrent attempts cannot exceed the limit.
 */
export class ProofThrottle {
  readonly #now: () => number;
  readonly #soon = new FailureBudget(5, 15 * MINUTE_MS);
  readonly #daily = new FailureBudget(30, DAY_MS);
  readonly #strangers = new FailureBudget(100, DAY_MS);
  readonly #recovery = new FailureBudget(20, 15 * MINUTE_MS);

  /** @param now monotonic clock, ms */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Counts an attempt. @returns callback for a correct code. @throws ProtocolError `rate_limited` */
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
