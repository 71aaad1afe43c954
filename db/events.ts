import { type Selectable, sql } from 'kysely';
import type { Executor } from './executor.ts';
import type { EventsTable } from './schema/events.ts';

export type EventRow = Selectable<EventsTable>;

/** SQL: record type of events for `json_to_recordset` as `v`; column list; conflict clause. */
export const EVENTS = {
  record: `v(
      id uuid, session_id uuid, seq integer, change_offset integer, type text, source text, severity text,
      weight double precision, started_at timestamptz, ended_at timestamptz, duration_ms integer,
      confidence double precision, details json, review text, stream uuid, client_seq integer, body_digest text)`,
  columns: `id, session_id, seq, change_offset, type, source, severity, weight, started_at, ended_at,
      duration_ms, confidence, details, review, stream, client_seq, body_digest`,
  onConflict: `ON CONFLICT (id) DO UPDATE SET
      change_offset = excluded.change_offset, ended_at = excluded.ended_at, duration_ms = excluded.duration_ms,
      confidence = excluded.confidence, details = excluded.details, review = excluded.review
    WHERE events.change_offset < excluded.change_offset`,
};

/**
 * Inserts new events and updates known ones (same id) in one statement. Only a higher offset changes a row, so the
 * write can be repeated. Each id may occur once.
 */
export async function saveEvents(ex: Executor, events: readonly EventRow[]): Promise<void> {
  await sql`
    INSERT INTO events (${sql.raw(EVENTS.columns)})
    SELECT ${sql.raw(EVENTS.columns)} FROM json_to_recordset(${JSON.stringify(events)}::json) AS ${sql.raw(EVENTS.record)}
    ${sql.raw(EVENTS.onConflict)}`.execute(ex);
}

/** Columns for a list of types and weights. */
export type EventLine = Pick<EventRow, 'id' | 'session_id' | 'seq' | 'type' | 'weight' | 'started_at'> & {
  /** Severity reported by the client: any JSON value. */
  readonly own_severity: string | null;
};

/** As `listEvents`, without details. */
export async function listEventLines(
  ex: Executor,
  filter: { session: string; afterSeq: number; limit: number },
): Promise<EventLine[]> {
  return ex
    .selectFrom('events')
    .select([
      'id',
      'session_id',
      'seq',
      'type',
      'weight',
      'started_at',
      sql<string | null>`left(details #>> '{data,severity}', 20)`.as('own_severity'),
    ])
    .where('session_id', '=', filter.session)
    .where('seq', '>', filter.afterSeq)
    .orderBy('seq')
    .limit(filter.limit)
    .execute();
}

export async function findEvent(ex: Executor, id: string): Promise<EventRow | undefined> {
  return ex.selectFrom('events').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Those of the ids that exist, in any session. */
export async function findEvents(ex: Executor, ids: readonly string[]): Promise<EventRow[]> {
  if (ids.length === 0) return [];
  return ex.selectFrom('events').selectAll().where('id', 'in', ids).execute();
}

/** In session order. */
export async function listEvents(
  ex: Executor,
  filter: { session: string; afterSeq?: number; limit: number },
): Promise<EventRow[]> {
  return ex
    .selectFrom('events')
    .selectAll()
    .where('session_id', '=', filter.session)
    .where('seq', '>', filter.afterSeq ?? 0)
    .orderBy('seq')
    .limit(filter.limit)
    .execute();
}

/** Columns that attention depends on, of all events of a session in their order; of the details those of gaps only. */
export async function listAttended(
  ex: Executor,
  session: string,
): Promise<Pick<EventRow, 'id' | 'type' | 'source' | 'started_at' | 'ended_at' | 'review' | 'weight' | 'details'>[]> {
  return ex
    .selectFrom('events')
    .select(['id', 'type', 'source', 'started_at', 'ended_at', 'review', 'weight'])
    .select(sql<EventRow['details']>`CASE WHEN type = 'CONNECTION_LOST' THEN details ELSE '{}' END`.as('details'))
    .where('session_id', '=', session)
    .orderBy('seq')
    .execute();
}

/** Events changed after an offset, in their latest state, in order of change. */
export async function listChanges(
  ex: Executor,
  session: string,
  afterOffset: number,
  limit: number,
): Promise<EventRow[]> {
  return ex
    .selectFrom('events')
    .selectAll()
    .where('session_id', '=', session)
    .where('change_offset', '>', afterOffset)
    .orderBy('change_offset')
    .limit(limit)
    .execute();
}

/** Open incidents of one session or of many. */
export async function listOpen(ex: Executor, sessions: readonly string[]): Promise<EventRow[]> {
  if (sessions.length === 0) return [];
  return ex
    .selectFrom('events')
    .selectAll()
    .where('session_id', 'in', sessions)
    .where('ended_at', 'is', null)
    .orderBy('seq')
    .execute();
}

/** Newest event of each of these types that the session's client has reported. */
export async function listNewestReported(ex: Executor, session: string, types: readonly string[]): Promise<EventRow[]> {
  return ex
    .selectFrom('events')
    .distinctOn('type')
    .selectAll()
    .where('session_id', '=', session)
    .where('source', '=', 'client')
    .where('type', 'in', types)
    .orderBy('type')
    .orderBy('seq', 'desc')
    .execute();
}

/** Events of requests with a key, each the first of its stream. */
export async function findKeyed(
  ex: Executor,
  sessions: readonly string[],
  streams: readonly string[],
): Promise<Pick<EventRow, 'session_id' | 'stream' | 'body_digest'>[]> {
  if (streams.length === 0) return [];
  return ex
    .selectFrom('events')
    .select(['session_id', 'stream', 'body_digest'])
    .where('session_id', 'in', sessions)
    .where('stream', 'in', streams)
    .where('client_seq', '=', 1)
    .execute();
}

/** Event of one signal of a stream. */
export async function findSignal(
  ex: Executor,
  session: string,
  stream: string,
  seq: number,
): Promise<EventRow | undefined> {
  return ex
    .selectFrom('events')
    .selectAll()
    .where('session_id', '=', session)
    .where('stream', '=', stream)
    .where('client_seq', '=', seq)
    .executeTakeFirst();
}

/** Columns of an incident for a time range. */
export type IncidentSpan = Pick<EventRow, 'seq' | 'type' | 'started_at' | 'ended_at'>;

const INCIDENTS_AT_ONCE = 500;

/** Incidents of a session that overlap a time range, in session order. */
export async function listIncidents(
  ex: Executor,
  filter: { session: string; from: Date; until: Date },
): Promise<IncidentSpan[]> {
  const all: IncidentSpan[] = [];
  for (let after = 0; ;) {
    const page = await ex
      .selectFrom('events')
      .select(['seq', 'type', 'started_at', 'ended_at'])
      .where('session_id', '=', filter.session)
      .where('source', '=', 'vision')
      .where('seq', '>', after)
      .orderBy('seq')
      .limit(INCIDENTS_AT_ONCE)
      .execute();
    all.push(
      ...page.filter(
        ({ started_at, ended_at }) => started_at < filter.until && (ended_at === null || ended_at >= filter.from),
      ),
    );
    if (page.length < INCIDENTS_AT_ONCE) return all;
    after = page.at(-1)!.seq;
  }
}

export interface StreamTail {
  readonly lastSeq: number;
  /** Body digests of the newest signals of a stream, by sequence number. */
  readonly digests: ReadonlyMap<number, string>;
}

/** @returns the highest sequence number of the stream that was only counted (rule S10); 0 if none */
export async function readCountedSeq(ex: Executor, session: string, stream: string): Promise<number> {
  const { rows } = await sql<{ seq: number | null }>`
    SELECT max((details #>> ARRAY['streams', ${stream}::text])::integer) AS seq FROM events
    WHERE session_id = ${session} AND type = 'SIGNALS_OVER_BUDGET'`.execute(ex);
  return rows[0]?.seq ?? 0;
}

/** @returns undefined if no signal of this stream was ever committed */
export async function readStreamTail(
  ex: Executor,
  session: string,
  stream: string,
  length: number,
): Promise<StreamTail | undefined> {
  const rows = await ex
    .selectFrom('events')
    .select(['client_seq', 'body_digest'])
    .where('session_id', '=', session)
    .where('stream', '=', stream)
    .orderBy('client_seq', 'desc')
    .limit(length)
    .execute();
  const newest = rows[0];
  if (newest?.client_seq == null) return undefined;
  return {
    lastSeq: newest.client_seq,
    digests: new Map(rows.map((row) => [row.client_seq ?? 0, row.body_digest ?? ''])),
  };
}
