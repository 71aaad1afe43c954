import { uuidv7 } from 'uuidv7';
import { appendAudits, type NewAuditEntry } from '../../../db/audit/append.ts';
import type { Db } from '../../../db/executor.ts';
import type { SecurityPayload } from '../../../protocol/http/security.ts';
import type { ErrorCode, ProtocolError } from '../../../protocol/errors.ts';
import { SECURITY_ID } from '../../../protocol/http/audit.ts';
import { SECURITY_ACTS, type SecurityKind } from '../../../protocol/security-kinds.ts';
import { networkOf } from '../../auth/network.ts';
import { type Clock, systemTimers, type Timers } from '../../clock.ts';
import { withDeadline } from '../../deadline.ts';
import type { Logger } from '../../log.ts';
import type { Metrics } from '../../metrics.ts';
import type { AddressDigests } from './address-digests.ts';
import type { Tally } from './security-share.ts';
import { SecuritySummary } from './security-summary.ts';
import { SecurityTallies } from './security-tallies.ts';

/** A security act or refusal, as reported by the acting code. */
export interface SecurityRecord {
  readonly kind: SecurityKind;
  /** User id; null: unknown. */
  readonly actor: string | null;
  /** Id of a session, an exam, an account, ...; null: none in particular. */
  readonly target: string | null;
  /** Client address; the entry holds at most a digest of its network. */
  readonly address?: string | undefined;
  /** Time of the act, server ms; default: now. */
  readonly at?: number | undefined;
  /** Start of a lasting act, server ms. */
  readonly since?: number | undefined;
  /** Whether the actor is staff, whose acts have a budget of their own. */
  readonly staff?: boolean | undefined;
}

export interface SecurityLogParts {
  readonly addresses: Pick<AddressDigests, 'of'>;
  readonly clock: Clock;
  readonly timers?: Timers | undefined;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** Minimum interval of transactions, ms, so that refused clients cannot keep the database busy. */
const PACE_MS = 1000;
/** Entries per transaction: the main thread hashes them at once. */
const MOST_AT_ONCE = 256;

const ID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
/** Part of the request comes from strangers: only well-formed ids are logged. */
const idOf = (value: string | null) => (value !== null && ID.test(value) ? value.toLowerCase() : null);

/**
 * Writes security acts to the audit log as `SECURITY` entries. The first of a kind, actor, target and network is
 * written at once, repetitions as a count once a minute. Recording costs a map lookup; writing takes at most one
 * transaction per second. While the database is down, counts are kept within bounds and written later.
 */
export class SecurityLog {
  readonly #db: Db;
  readonly #parts: SecurityLogParts;
  readonly #timers: Timers;
  readonly #tallies = new SecurityTallies();
  readonly #summary: SecuritySummary;
  /** Batch taken from the tallies with fixed ids, so that a transaction with an unclear COMMIT can be repeated. */
  #pending: { readonly id: string; readonly tally: Tally }[] = [];
  /** Of the next write, or of the end of the pace. */
  #cancelTurn: (() => void) | undefined;
  #writing: Promise<void> | undefined;
  #away = false;
  #stopped = false;

  constructor(db: Db, parts: SecurityLogParts) {
    this.#db = db;
    this.#parts = parts;
    this.#timers = parts.timers ?? systemTimers;
    this.#summary = new SecuritySummary(parts.log);
  }

  /** Number of tallies in memory. */
  get size(): number {
    return this.#tallies.size;
  }

  /** Never throws and never waits. */
  record({ kind, actor, target, address, at, since, staff }: SecurityRecord): void {
    const { clock, metrics } = this.#parts;
    if (SECURITY_ACTS.has(kind)) metrics.securityActs.inc({ kind });
    else metrics.securityRefusals.inc({ kind });
    const network = address === undefined || address === '' ? null : networkOf(address);
    this.#tallies.count({ kind, actor: idOf(actor), target: idOf(target), network }, at ?? clock(), { since, staff });
    this.#summary.add(kind, actor, network);
    this.#schedule();
  }

  /** Writes all counts, due or not, within the given time. */
  async stop(timeoutMs: number): Promise<void> {
    this.#summary.stop();
    this.#cancelTurn?.();
    this.#cancelTurn = undefined;
    this.#stopped = true;
    await withDeadline(
      (this.#writing ?? Promise.resolve()).then(() => this.#write(true)),
      timeoutMs,
    );
    const lost = this.#pending.length + this.#tallies.unwritten;
    if (lost > 0) this.#parts.log.warn({ lost }, 'security entries lost: not recorded in the audit log');
  }

  /** Writes next, unless a write is in progress or one began within the pace. */
  #schedule(): void {
    if (this.#cancelTurn || this.#writing || this.#stopped) return;
    this.#cancelTurn = this.#timers.after(0, () => this.#turn());
  }

  #turn(): void {
    this.#cancelTurn = this.#timers.after(PACE_MS, () => {
      this.#cancelTurn = undefined;
      this.#scheduleRest();
    });
    this.#writing = this.#write(false).finally(() => {
      this.#writing = undefined;
      this.#scheduleRest();
    });
  }

  #scheduleRest(): void {
    if (this.#tallies.size > 0 || this.#pending.length > 0) this.#schedule();
  }

  async #write(all: boolean): Promise<void> {
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
      if (!this.#away) this.#parts.log.warn({ err: error }, 'cannot record security entries; will retry');
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

/** Refusal kinds by error code, unless the error gives its own: exceeded limits and failed proofs. */
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
 * Records the refusal described by an error, if any.
 * @param asks recipient of the error
 * @param notFound kind for requests of missing objects
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
