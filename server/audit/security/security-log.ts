import { uuidv7 } from 'uuidv7';
import { appendAudits, type NewAuditEntry } from '../../../db/audit/append.ts';
import type { Db } from '../../../db/executor.ts';
import type { SecurityPayload } from '../../../protocol/http/security.ts';
import type { ErrorCode, ProtocolError } from '../../../protocol/errors.ts';
import { SECURITY_ID } from '../../../protocol/http/audit.ts';
import { SECURITY_ACTS, type SecurityKind } from '../../../protocol/security-kinds.ts';
import { networkOf } from '../../auth/network.ts';
import type { Clock } from '../../clock.ts';
import { withDeadline } from '../../deadline.ts';
import type { Logger } from '../../log.ts';
import type { Metrics } from '../../metrics.ts';
import type { AddressDigests } from './address-digests.ts';
import type { Tally } from './security-share.ts';
import { SecuritySummary } from './security-summary.ts';
import { SecurityTallies } from './security-tallies.ts';

/** What was done or refused, as the code that acts tells it. */
export interface SecurityRecord {
  readonly kind: SecurityKind;
  /** A user's id; null: nobody known. */
  readonly actor: string | null;
  /** Id of a session, an exam, an account, ...; null: of nothing in particular. */
  readonly target: string | null;
  /** Where it came from; the entry gets a digest of its network at most. */
  readonly address?: string | undefined;
  /** When it was done, server ms; now, unless it is told later. */
  readonly at?: number | undefined;
  /** When an act that lasted began, server ms. */
  readonly since?: number | undefined;
  /** The actor is staff: their acts have room of their own. */
  readonly staff?: boolean | undefined;
}

export interface SecurityLogParts {
  readonly addresses: Pick<AddressDigests, 'of'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** One transaction in this time, ms: whoever is refused cannot keep the database busy. */
const PACE_MS = 1000;
/** Entries of one transaction: the main thread hashes them in one go. */
const MOST_AT_ONCE = 256;

const ID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
/** Part of what is asked for comes from strangers: only what has the form of an id gets into the log. */
const idOf = (value: string | null) => (value !== null && ID.test(value) ? value.toLowerCase() : null);

/**
 * What concerns security becomes `SECURITY` entries of the audit log. The first of a kind, actor, target and network is
 * written at once, repetitions as a count once a minute. Telling it costs a look into a map; writing is done by one
 * transaction a second at most. While the database is away what is counted stays, within its bounds, and is written
 * later.
 */
export class SecurityLog {
  readonly #db: Db;
  readonly #parts: SecurityLogParts;
  readonly #tallies = new SecurityTallies();
  readonly #summary: SecuritySummary;
  /** Taken from the tallies, under fixed ids: a transaction whose COMMIT was not answered can be repeated. */
  #pending: { readonly id: string; readonly tally: Tally }[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  /** On the clock that is never set; undefined before the first. */
  #wroteAt: number | undefined;
  #away = false;
  #stopped = false;

  constructor(db: Db, parts: SecurityLogParts) {
    this.#db = db;
    this.#parts = parts;
    this.#summary = new SecuritySummary(parts.log);
  }

  /** Tallies in memory. */
  get size(): number {
    return this.#tallies.size;
  }

  /** Never throws, and waits for nothing. */
  record({ kind, actor, target, address, at, since, staff }: SecurityRecord): void {
    const { clock, metrics } = this.#parts;
    if (SECURITY_ACTS.has(kind)) metrics.securityActs.inc({ kind });
    else metrics.securityRefusals.inc({ kind });
    const network = address === undefined || address === '' ? null : networkOf(address);
    this.#tallies.count({ kind, actor: idOf(actor), target: idOf(target), network }, at ?? clock(), { since, staff });
    this.#summary.add(kind, actor, network);
    this.#schedule();
  }

  /** Writes what is counted, due or not, within the time. */
  async stop(timeoutMs: number): Promise<void> {
    this.#summary.stop();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#stopped = true;
    await withDeadline(
      (this.#writing ?? Promise.resolve()).then(() => this.#write(true)),
      timeoutMs,
    );
    const lost = this.#pending.length + this.#tallies.unwritten;
    if (lost > 0) this.#parts.log.warn({ lost }, 'security entries were not recorded in the audit log');
  }

  #schedule(): void {
    if (this.#timer || this.#writing || this.#stopped) return;
    const wait = this.#wroteAt === undefined ? 0 : Math.max(0, this.#wroteAt + PACE_MS - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#writing = this.#write(false).finally(() => {
        this.#writing = undefined;
        if (this.#tallies.size > 0 || this.#pending.length > 0) this.#schedule();
      });
    }, wait);
    this.#timer.unref();
  }

  async #write(all: boolean): Promise<void> {
    this.#wroteAt = performance.now();
    if (this.#pending.length === 0 || all) {
      const taken = this.#tallies.take(this.#parts.clock(), all ? Infinity : MOST_AT_ONCE, all);
      this.#pending.push(...taken.map((tally) => ({ id: uuidv7(), tally })));
    }
    if (this.#pending.length === 0) return;
    try {
      const entries: NewAuditEntry[] = [];
      for (const { id, tally } of this.#pending)
        entries.push({
          id,
          type: 'SECURITY',
          entityId: SECURITY_ID,
          actor: tally.actor,
          at: new Date(tally.at),
          payload: await this.#payload(tally),
        });
      await this.#db.transaction().execute((tx) => appendAudits(tx, entries));
      this.#pending = [];
      this.#away = false;
    } catch (error) {
      if (!this.#away) this.#parts.log.warn({ err: error }, 'security entries cannot be recorded at the moment');
      this.#away = true;
    }
  }

  async #payload({ kind, target, count, folded, since, network, at }: Tally): Promise<Record<string, unknown>> {
    const address = network === null ? undefined : await this.#parts.addresses.of(network, at);
    const payload: SecurityPayload = {
      kind,
      target,
      count,
      ...(folded > 0 && { folded }),
      ...(since !== undefined && { since: new Date(since).toISOString() }),
      ...(address && { address }),
    };
    return payload;
  }
}

/** Told by their code alone, where nobody said more of them: what is over a limit, and proofs that failed. */
const REFUSED_BY_CODE: Partial<Record<ErrorCode, SecurityKind>> = {
  account_disabled: 'account_disabled',
  rate_limited: 'throttled',
  too_many_frames: 'throttled',
  window_exceeded: 'throttled',
  bad_credentials: 'login_failed',
  wrong_password: 'login_failed',
  bad_second_factor: 'second_factor_failed',
};

/**
 * Records a refusal that an error tells of; other errors are none. `asks` is whoever the error is answered to;
 * `notFound`: what it is to ask for what is not there.
 */
export function recordRefusal(
  security: Pick<SecurityLog, 'record'>,
  { refusal, code }: Pick<ProtocolError, 'refusal' | 'code'>,
  asks: {
    readonly actor?: string | undefined;
    readonly target?: string | undefined;
    readonly address?: string | undefined;
    readonly notFound?: SecurityKind | undefined;
  } = {},
): void {
  const kind = refusal?.kind ?? REFUSED_BY_CODE[code] ?? (code === 'not_found' ? asks.notFound : undefined);
  if (kind)
    security.record({
      kind,
      actor: refusal?.actor ?? asks.actor ?? null,
      target: refusal?.target ?? asks.target ?? null,
      address: asks.address,
    });
}
