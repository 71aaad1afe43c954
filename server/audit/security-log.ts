import { uuidv7 } from 'uuidv7';
import { appendAudits, type NewAuditEntry } from '../../db/audit.ts';
import type { Db } from '../../db/executor.ts';
import type { Refusal } from '../../protocol/errors.ts';
import { SECURITY_ID } from '../../protocol/http/audit.ts';
import type { SecurityKind } from '../../protocol/security-kinds.ts';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';

export interface RefusedAct {
  readonly kind: SecurityKind;
  /** A user's id; null: nobody known. */
  readonly actor: string | null;
  /** Id of a session, an exam, ...; null: of nothing in particular. */
  readonly target: string | null;
}

/** One transaction in this time, ms: whoever is refused cannot keep the database busy. */
const PACE_MS = 1000;
/** What is refused again is counted, and written once in this time, ms. */
const REPEAT_MS = 60_000;
/** Different refusals at a time that are told apart: the bound on memory, and on entries in `REPEAT_MS`. */
const MAX_TALLIES = 256;
/** Targets at a time that are told apart of one actor and kind: one who guesses ids does not use up the rest. */
const MAX_TARGETS = 16;

interface Tally extends RefusedAct {
  /** Not yet given to an entry. */
  count: number;
  /** Of the first of these, server ms. */
  since: number;
  /** When the next entry may be written, server ms. */
  due: number;
}

const ID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
/** Part of what is asked for comes from strangers: only what has the form of an id gets into the log. */
const idOf = (value: string | null) => (value !== null && ID.test(value) ? value.toLowerCase() : null);

const keyOf = ({ kind, actor, target }: RefusedAct) => `${kind} ${actor} ${target}`;

/**
 * What was refused becomes `SECURITY` entries of the audit log. The first of a kind, actor and target is written at
 * once, repetitions as a count once a minute. Telling it costs a look into a map; writing is done by one transaction a second
 * at most. While the database is away what is counted stays, within its bound, and is written later.
 */
export class SecurityLog {
  readonly #db: Db;
  readonly #parts: { readonly clock: Clock; readonly log: Logger; readonly metrics: Metrics };
  readonly #tallies = new Map<string, Tally>();
  /** Targets told apart, by kind and actor. */
  readonly #targets = new Map<string, number>();
  /** Taken from the tallies, under fixed ids: a transaction whose COMMIT was not answered can be repeated. */
  #pending: NewAuditEntry[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  /** On the clock that is never set; undefined before the first. */
  #wroteAt: number | undefined;
  #away = false;
  #stopped = false;

  constructor(db: Db, parts: { readonly clock: Clock; readonly log: Logger; readonly metrics: Metrics }) {
    this.#db = db;
    this.#parts = parts;
  }

  /** Different refusals in memory. */
  get size(): number {
    return this.#tallies.size;
  }

  refused(act: RefusedAct): void {
    this.#parts.metrics.securityRefusals.inc({ kind: act.kind });
    const now = this.#parts.clock();
    const tally = this.#tally({ kind: act.kind, actor: idOf(act.actor), target: idOf(act.target) }, now);
    if (tally.count === 0) tally.since = now;
    tally.count += 1;
    this.#schedule();
  }

  /** Writes what is counted, due or not, within the time. */
  async stop(timeoutMs: number): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#stopped = true;
    let giveUp: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (giveUp = setTimeout(resolve, timeoutMs)));
    await Promise.race([late, (this.#writing ?? Promise.resolve()).then(() => this.#write(true))]);
    clearTimeout(giveUp);
    const lost = this.#pending.length + [...this.#tallies.values()].filter((tally) => tally.count > 0).length;
    if (lost > 0) this.#parts.log.warn({ lost }, 'refusals were not recorded in the audit log');
  }

  #tally(act: RefusedAct, now: number): Tally {
    const known = this.#tallies.get(keyOf(act));
    if (known) return known;
    const who = `${act.kind} ${act.actor}`;
    const targets = this.#targets.get(who) ?? 0;
    if (act.target !== null && targets >= MAX_TARGETS) return this.#tally({ ...act, target: null }, now);
    // Those of nobody and nothing in particular are as few as there are kinds.
    if (this.#tallies.size >= MAX_TALLIES && (act.actor !== null || act.target !== null)) return this.#tally({ ...act, actor: null, target: null }, now);
    if (act.target !== null) this.#targets.set(who, targets + 1);
    const tally = { ...act, count: 0, since: now, due: now };
    this.#tallies.set(keyOf(act), tally);
    return tally;
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
    if (this.#pending.length === 0 || all) this.#pending.push(...this.#take(all));
    if (this.#pending.length === 0) return;
    try {
      await this.#db.transaction().execute((tx) => appendAudits(tx, this.#pending));
      this.#pending = [];
      this.#away = false;
    } catch (error) {
      if (!this.#away) this.#parts.log.warn({ err: error }, 'refusals cannot be recorded at the moment');
      this.#away = true;
    }
  }

  /** What is due becomes entries; what was not repeated is forgotten. */
  #take(all: boolean): NewAuditEntry[] {
    const now = this.#parts.clock();
    const entries: NewAuditEntry[] = [];
    for (const [key, tally] of this.#tallies) {
      // A clock that was set back must not keep one waiting.
      if (!all && now < tally.due && tally.due - now <= REPEAT_MS) continue;
      if (tally.count === 0) {
        this.#forget(key, tally);
        continue;
      }
      const { kind, actor, target, count } = tally;
      entries.push({ id: uuidv7(), type: 'SECURITY', entityId: SECURITY_ID, actor, at: new Date(tally.since), payload: { kind, target, count } });
      tally.count = 0;
      tally.due = now + REPEAT_MS;
    }
    return entries;
  }

  #forget(key: string, tally: Tally): void {
    this.#tallies.delete(key);
    if (tally.target === null) return;
    const who = `${tally.kind} ${tally.actor}`;
    const targets = (this.#targets.get(who) ?? 1) - 1;
    if (targets > 0) this.#targets.set(who, targets);
    else this.#targets.delete(who);
  }
}

/** Records a refusal that an error tells of; other errors are none. `asks` is whoever the error is answered to. */
export function recordRefusal(security: Pick<SecurityLog, 'refused'>, refusal: Refusal | undefined, asks: { readonly actor?: string | undefined; readonly target?: string | undefined } = {}): void {
  if (refusal) security.refused({ kind: refusal.kind, actor: refusal.actor ?? asks.actor ?? null, target: refusal.target ?? asks.target ?? null });
}
