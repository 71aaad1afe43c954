import { z } from 'zod';
import {
  type CheckedRecord,
  type CheckedRow,
  nextStretch,
  pageOfRecords,
  pageOfSessions,
  sessionsThere,
} from '../../../db/audit/verification-pages.ts';
import type { EventRow } from '../../../db/events.ts';
import type { Executor } from '../../../db/executor.ts';
import { eventDigest, type LoggedEvent } from '../../../db/stored-events.ts';
import { type Counts, entryFault, FaultFound } from './fault-found.ts';
import type { Pages } from './pages.ts';

/** Maximum rows per statement. */
const PAGE = 100;
/** Entries or sessions per statement that reads little of each. */
const STRETCH = 500;
/** Batch size before rows are requested. */
const MAX_EVENTS = 2000;
const MAX_SESSIONS = 200;

interface LoggedState extends LoggedEvent {
  /** Position of the entry that holds it. */
  readonly position: number;
}

/** Events logged in a session's chain, as far as read. */
interface LoggedSession {
  readonly id: string;
  readonly type: CheckedRow['entity_type'];
  /** Last logged state by sequence number. */
  readonly events: Map<number, LoggedState>;
  /** Highest sequence number. */
  most: number;
  /** Lowest and highest offset. */
  first: number;
  last: number;
  /** Number of entries read. */
  length: number;
  /** All events of the session are in the log: it started after logging of events began. */
  isWhole: boolean;
  isDeleted: boolean;
}

/**
 * Checks event rows against the log: detects rows changed, removed or added without it. A session that predates logging
 * of events has rows unknown to the log. Memory is bounded by the events of the longest session.
 */
export class RecordCheck {
  readonly #ex: Executor;
  readonly #counts: Counts;
  readonly #pages: Pages;
  /** Sessions that started after this have all their events in the log. */
  readonly #since: number;
  #chain: LoggedSession | undefined;
  #gathered: LoggedSession[] = [];
  #events = 0;

  private constructor(ex: Executor, counts: Counts, pages: Pages, since: number) {
    this.#ex = ex;
    this.#counts = counts;
    this.#pages = pages;
    this.#since = since;
  }

  static async of(ex: Executor, counts: Counts, pages: Pages): Promise<RecordCheck> {
    return new RecordCheck(ex, counts, pages, await firstEventsLogged(ex, pages));
  }

  /** Highest logged offset of the current chain. */
  get offset(): number {
    return this.#chain?.last ?? 0;
  }

  /** Adds the next entry of the current chain, whose bytes are verified. @throws FaultFound */
  entry(row: CheckedRow): void {
    if (row.entity_type !== 'session') return;
    const chain = (this.#chain ??= {
      id: row.entity_id,
      type: row.entity_type,
      events: new Map(),
      most: 0,
      first: Infinity,
      last: 0,
      length: 0,
      isWhole: false,
      isDeleted: false,
    });
    chain.length = row.position;
    if (row.event_type === 'SESSION_STARTED' && row.at.getTime() > this.#since) chain.isWhole = true;
    if (row.event_type === 'SESSION_DELETED') chain.isDeleted = true;
    if (row.event_type !== 'EVENTS_STORED') return;
    for (const event of eventsOf(row)) {
      chain.events.set(event.seq, { ...event, position: row.position });
      chain.most = Math.max(chain.most, event.seq);
      chain.first = Math.min(chain.first, event.offset);
      chain.last = Math.max(chain.last, event.offset);
    }
  }

  async endChain(): Promise<void> {
    const chain = this.#chain;
    if (!chain) return;
    this.#chain = undefined;
    // All sequence numbers up to the highest: none is missing.
    chain.isWhole ||= chain.events.size > 0 && chain.events.size === chain.most;
    this.#gathered.push(chain);
    this.#events += chain.events.size;
    if (this.#events >= MAX_EVENTS || this.#gathered.length >= MAX_SESSIONS) await this.#compare();
  }

  /** Called after the last chain. @throws FaultFound */
  async flush(): Promise<void> {
    await this.#compare();
    if (this.#since === Infinity) return;
    const since = new Date(this.#since);
    for (let last: string | undefined; ;) {
      const after = last;
      const sessions = await this.#pages.read(STRETCH, (limit) => pageOfSessions(this.#ex, since, after, limit));
      const unknown = sessions.find((session) => session.is_unknown);
      if (unknown) throw new FaultFound({ reason: 'record', entityType: 'session', entityId: unknown.id });
      last = sessions.at(-1)?.id;
      if (last === undefined) return;
    }
  }

  async #compare(): Promise<void> {
    const sessions = new Map(this.#gathered.map((session) => [session.id, session]));
    const ids = [...sessions.keys()];
    this.#gathered = [];
    this.#events = 0;
    if (ids.length === 0) return;
    for (let last: CheckedRecord | undefined; ;) {
      const after = last;
      const rows = await this.#pages.read(PAGE, (limit) => pageOfRecords(this.#ex, ids, after, limit));
      for (const row of rows) {
        this.#record(row, sessions.get(row.session_id)!);
        await this.#pages.row();
      }
      last = rows.at(-1);
      if (!last) break;
    }
    const there = await sessionsThere(this.#ex, ids);
    for (const session of sessions.values()) checkGone(session, there.get(session.id)!);
  }

  #record(row: CheckedRecord, session: LoggedSession): void {
    const logged = session.events.get(row.seq);
    // Found; those left at the end are missing rows.
    session.events.delete(row.seq);
    if (row.change_offset > session.last) {
      // Changed since its chain was read, or outside of the log.
      if (row.change_offset > row.head_offset) throw bad(session, row.seq, logged);
      return;
    }
    if (!logged && !session.isWhole && row.change_offset < session.first) return;
    if (logged?.offset !== row.change_offset || !row.is_exact || logged.digest !== digestOf(row))
      throw bad(session, row.seq, logged);
    this.#counts.records += 1;
  }
}

/** Time of the log's first entry of events, ms; infinite if none. */
async function firstEventsLogged(ex: Executor, pages: Pages): Promise<number> {
  for (let last: string | undefined; ;) {
    const after = last;
    const stretch = await pages.read(STRETCH, (limit) => nextStretch(ex, after, limit));
    if (stretch.eventsAt) return stretch.eventsAt.getTime();
    last = stretch.last;
    if (last === undefined) return Infinity;
  }
}

const Payload = z.object({ events: z.array(z.object({ seq: z.int(), offset: z.int(), digest: z.string() })) });

/** @throws FaultFound for a payload the server cannot have written */
function eventsOf(row: CheckedRow): readonly LoggedEvent[] {
  try {
    return Payload.parse(JSON.parse(Buffer.from(row.payload).toString('utf8'))).events;
  } catch {
    throw entryFault('payload', row);
  }
}

function digestOf({ details, ...row }: CheckedRecord): string {
  return eventDigest(row satisfies Omit<EventRow, 'details'>, details, row.audit_salt);
}

/** @param now whether the session exists, and the current length of its chain */
function checkGone(session: LoggedSession, now: { readonly there: boolean; readonly length: number }): void {
  if (!now.there) {
    // The end of the session may have been logged after its chain was read.
    if (session.events.size > 0 && !session.isDeleted && now.length === session.length)
      throw bad(session, undefined, session.events.values().next().value);
    return;
  }
  const [gone] = session.events.values();
  if (gone) throw bad(session, gone.seq, gone);
}

const bad = (session: LoggedSession, seq: number | undefined, logged: LoggedState | undefined): FaultFound =>
  logged || seq === undefined
    ? entryFault(
        'record',
        { entity_type: session.type, entity_id: session.id, position: logged?.position ?? session.length },
        seq === undefined ? {} : { seq },
      )
    : new FaultFound({ reason: 'record', entityType: session.type, entityId: session.id, seq });
