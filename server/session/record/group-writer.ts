import { type AnalysisMinuteRow, saveAnalysisMinutes } from '../../../db/analysis-minutes.ts';
import { appendToChains, rowsOfEvents, sessionChain } from '../../../db/audit/append.ts';
import { type AuditHead, chainKey } from '../../../db/audit/heads.ts';
import { type EventRow, saveEvents } from '../../../db/events.ts';
import { insertEvidence } from '../../../db/evidence.ts';
import type { Db, Tx } from '../../../db/executor.ts';
import { writeGroup } from '../../../db/group-write.ts';
import { insertReviews } from '../../../db/reviews.ts';
import { saveTotals, type SessionTotals } from '../../../db/sessions.ts';
import type { StoredEvents } from '../../../db/stored-events.ts';
import type { QueuedWrite } from './queued-write.ts';

/** Head of a session's audit chain, and the salt of its digests. */
interface Chain {
  readonly salt: Uint8Array;
  readonly head: AuditHead;
}

export interface Written {
  /** The sessions of the others have another owner. */
  readonly written: ReadonlySet<QueuedWrite>;
  /** Events in them. */
  readonly events: number;
}

/** Content of a batch: the last state of each row. */
interface Group {
  readonly current: readonly QueuedWrite[];
  readonly totals: readonly SessionTotals[];
  readonly events: readonly EventRow[];
  readonly minutes: readonly AnalysisMinuteRow[];
}

/** Chains of sessions that ended elsewhere stay cached: a limit far above the sessions of one process. */
const MOST_CHAINS = 20_000;

export interface GroupWriterOptions {
  /** False: events are stored without audit entries, to measure their cost. */
  readonly eventsInLog?: boolean;
}

/**
 * Writes batches of the write queue; all rows of one session are written together. It caches the heads of the audit
 * chains: usually no other writer has appended to them since, and everything goes in one statement, which is a
 * transaction by itself. Otherwise the chains are read and locked first.
 */
export class GroupWriter {
  readonly #db: Db;
  readonly #eventsInLog: boolean;
  readonly #chains = new Map<string, Chain>();

  constructor(db: Db, { eventsInLog = true }: GroupWriterOptions = {}) {
    this.#db = db;
    this.#eventsInLog = eventsInLog;
  }

  /** Totals and events are absolute: repeating a transaction whose COMMIT was not answered changes nothing. */
  async write(batch: readonly QueuedWrite[]): Promise<Written> {
    const group = groupOf(batch);
    const known = this.#knownChains(group);
    const owned = known ? await this.#saveTogether(group, known) : await this.#saveApart(group);
    // Rows are kept by owner: a process that has claimed the session meanwhile writes its own.
    const minutes = group.minutes.filter((minute) => owned.has(minute.session_id));
    if (minutes.length > 0) await saveAnalysisMinutes(this.#db, minutes);
    return {
      written: new Set(group.current.filter((entry) => owned.has(entry.totals.id))),
      events: group.events.filter((event) => owned.has(event.session_id)).length,
    };
  }

  /** @returns the sessions that are owned, all of which were written */
  async #saveTogether(group: Group, known: ReadonlyMap<string, Chain>): Promise<ReadonlySet<string>> {
    const heads = new Map([...known.values()].map(({ head }) => [chainKey(head), head]));
    const stored = bySession(group.events, (id) => known.get(id)?.salt);
    const at = new Date();
    const entries = stored.flatMap((events) => rowsOfEvents(heads, events, at));
    const ends = [...known.values()].map(({ salt, head }) => ({
      salt,
      before: head,
      after: heads.get(chainKey(head))!,
    }));
    const written = await writeGroup(this.#db, { totals: group.totals, events: group.events, entries, ends });
    const moved = ends.filter(({ after }) => written.get(after.entity_id));
    this.#remember(group, new Map(moved.map(({ salt, after }) => [after.entity_id, { salt, head: after }])));
    // Another writer has appended to these chains: a person's act, most likely.
    const left = new Set([...written].filter(([, isWritten]) => !isWritten).map(([id]) => id));
    if (left.size > 0) await this.#saveApart(only(group, left));
    return new Set(written.keys());
  }

  /** Cached chains of all sessions with events; undefined when one is missing, or for a batch with acts of people. */
  #knownChains({ current, events }: Group): Map<string, Chain> | undefined {
    if (current.some(({ audit, reviews, evidence }) => audit?.length || reviews?.length || evidence?.length))
      return undefined;
    const known = new Map<string, Chain>();
    if (!this.#eventsInLog) return known;
    for (const { session_id: id } of events) {
      const chain = this.#chains.get(id);
      if (!chain) return undefined;
      known.set(id, chain);
    }
    return known;
  }

  /** One statement after the other, with the chains locked. @returns as `#saveTogether` */
  async #saveApart(group: Group): Promise<ReadonlySet<string>> {
    const chains = await this.#db.transaction().execute((tx) => this.#saveLocked(tx, group));
    this.#remember(group, chains);
    return new Set(chains.keys());
  }

  /** @returns chain heads of the owned sessions; undefined for a chain that was not read */
  async #saveLocked(tx: Tx, { current, totals, events }: Group): Promise<Map<string, Chain | undefined>> {
    const salts = await saveTotals(tx, totals);
    const writable = events.filter((event) => salts.has(event.session_id));
    if (writable.length > 0) await saveEvents(tx, writable);
    const done = current.filter((entry) => salts.has(entry.totals.id));
    const reviews = done.flatMap((entry) => entry.reviews ?? []);
    if (reviews.length > 0) await insertReviews(tx, reviews);
    const pictures = done.flatMap((entry) => entry.evidence ?? []);
    if (pictures.length > 0) await insertEvidence(tx, pictures);
    const acts = done.flatMap((entry) => entry.audit ?? []);
    const stored = this.#eventsInLog ? bySession(writable, (id) => salts.get(id)) : [];
    const { heads } = await appendToChains(tx, acts, stored, new Date());
    return new Map(
      [...salts].map(([id, salt]) => {
        const head = heads.get(chainKey(sessionChain(id)));
        return [id, head && { salt, head }];
      }),
    );
  }

  /** After COMMIT. */
  #remember({ totals }: Group, chains: ReadonlyMap<string, Chain | undefined>): void {
    if (this.#chains.size > MOST_CHAINS) this.#chains.clear();
    for (const { id, status } of totals) {
      const chain = chains.get(id);
      if (status === 'ended') this.#chains.delete(id);
      else if (chain) this.#chains.set(id, chain);
    }
  }
}

function groupOf(batch: readonly QueuedWrite[]): Group {
  const totals = new Map<string, SessionTotals>();
  for (const { totals: next } of batch) {
    // A session that was lost and is claimed here again may have entries of both times.
    if (next.epoch >= (totals.get(next.id)?.epoch ?? 0)) totals.set(next.id, next);
  }
  const current = batch.filter((entry) => entry.totals.epoch === totals.get(entry.totals.id)?.epoch);
  const events = new Map(current.flatMap((entry) => entry.events).map((event) => [event.id, event]));
  const minutes = new Map(
    current
      .flatMap((entry) => entry.minutes ?? [])
      .map((minute) => [`${minute.session_id} ${minute.minute.getTime()}`, minute]),
  );
  return { current, totals: [...totals.values()], events: [...events.values()], minutes: [...minutes.values()] };
}

const only = ({ current, totals, events }: Group, ids: ReadonlySet<string>): Group => ({
  current: current.filter((entry) => ids.has(entry.totals.id)),
  totals: totals.filter(({ id }) => ids.has(id)),
  events: events.filter((event) => ids.has(event.session_id)),
  minutes: [],
});

/** As the audit log takes them. */
function bySession(events: readonly EventRow[], saltOf: (id: string) => Uint8Array | undefined): StoredEvents[] {
  const lists = new Map<string, EventRow[]>();
  for (const event of events) {
    const list = lists.get(event.session_id);
    if (list) list.push(event);
    else lists.set(event.session_id, [event]);
  }
  return [...lists].flatMap(([sessionId, list]) => {
    const salt = saltOf(sessionId);
    return salt ? [{ sessionId, salt, events: list }] : [];
  });
}
