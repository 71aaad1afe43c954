import { type Selectable, sql } from 'kysely';
import type { AuditEntryRow } from './append.ts';
import type { EventRow } from '../events.ts';
import type { Executor } from '../executor.ts';
import type { AuditHeadsTable } from '../schema/audit.ts';

/**
 * Reads everything for verification of the audit log in pages. Each page is one statement that reads little more than
 * its rows, however long the tables are.
 */

export type ChainPlace = Pick<AuditEntryRow, 'entity_type' | 'entity_id' | 'position'>;

/** An entry with the current head of its chain and its leaf; nulls if missing. */
export type CheckedRow = AuditEntryRow & {
  readonly head_length: number | null;
  readonly head_hash: Uint8Array | null;
  readonly head_offset: number | null;
  readonly leaf_index: string | number | null;
  readonly is_exact: boolean;
};

/** Whether a time could have been written by the server: finite, in whole milliseconds. */
const isExact = (column: string) =>
  sql<boolean>`(isfinite(${sql.ref(column)}) AND date_trunc('milliseconds', ${sql.ref(column)}) = ${sql.ref(column)})`;

/**
 * Bytes of payloads or event details after which a page ends: a page is decoded, parsed and hashed in one turn of the
 * event loop.
 */
const PAGE_BYTES = 64 * 1024;

/**
 * Entries of all chains, chain by chain in order, after `after`. Fewer than the limit if they are long; none at the
 * end. Head and leaf are looked up per row: a join would read whole tables for every page.
 */
export async function pageOfChains(ex: Executor, after: ChainPlace | undefined, limit: number): Promise<CheckedRow[]> {
  const from = after
    ? sql`WHERE (entity_type, entity_id, position) > (${after.entity_type}, ${after.entity_id}::uuid, ${after.position}::integer)`
    : sql``;
  const { rows } = await sql<CheckedRow>`
    SELECT entry.id, entry.entity_type, entry.entity_id, entry.position, entry.event_type, entry.actor, entry.at, entry.payload, entry.salt, entry.digest,
      entry.prev_hash, entry.hash, head.length AS head_length, head.hash AS head_hash, head.event_offset AS head_offset, leaf.leaf_index,
      ${isExact('entry.at')} AS is_exact
    FROM (
      SELECT *, sum(octet_length(payload)) OVER (ORDER BY entity_type, entity_id, position ROWS UNBOUNDED PRECEDING) - octet_length(payload) AS bytes_before
      FROM audit_entries ${from} ORDER BY entity_type, entity_id, position LIMIT ${limit}
    ) AS entry
    LEFT JOIN LATERAL (
      SELECT * FROM audit_heads WHERE entity_type = entry.entity_type AND entity_id = entry.entity_id LIMIT 1) AS head ON true
    LEFT JOIN LATERAL (SELECT leaf_index FROM audit_leaves WHERE entry_id = entry.id LIMIT 1) AS leaf ON true
    WHERE entry.bytes_before < ${PAGE_BYTES}
    ORDER BY entry.entity_type, entry.entity_id, entry.position`.execute(ex);
  return rows;
}

/** A head, and whether its last entry exists. */
export type CheckedHead = Selectable<AuditHeadsTable> & { readonly has_entry: boolean };

/** Heads in key order, after `after`. */
export async function pageOfHeads(
  ex: Executor,
  after: Pick<CheckedHead, 'entity_type' | 'entity_id'> | undefined,
  limit: number,
): Promise<CheckedHead[]> {
  const from = after ? sql`WHERE (entity_type, entity_id) > (${after.entity_type}, ${after.entity_id}::uuid)` : sql``;
  const { rows } = await sql<CheckedHead>`
    SELECT head.*, (
      SELECT true FROM audit_entries AS entry
      WHERE entry.entity_type = head.entity_type AND entry.entity_id = head.entity_id AND entry.position = head.length LIMIT 1) IS NOT NULL AS has_entry
    FROM (SELECT * FROM audit_heads ${from} ORDER BY entity_type, entity_id LIMIT ${limit}) AS head
    ORDER BY head.entity_type, head.entity_id`.execute(ex);
  return rows;
}

/** Which of these entries have a leaf or are queued: with the leaf index, or null. */
export async function placesOf(ex: Executor, entries: readonly string[]): Promise<Map<string, number | null>> {
  if (entries.length === 0) return new Map();
  const { rows } = await sql<{ id: string; leaf_index: string | number | null }>`
    SELECT wanted.id, leaf.leaf_index
    FROM (SELECT value::uuid AS id FROM json_array_elements_text(${JSON.stringify(entries)}::json) AS value) AS wanted
    LEFT JOIN LATERAL (SELECT leaf_index FROM audit_leaves WHERE entry_id = wanted.id LIMIT 1) AS leaf ON true
    LEFT JOIN LATERAL (SELECT seq FROM audit_queue WHERE entry_id = wanted.id LIMIT 1) AS queue ON true
    WHERE leaf.leaf_index IS NOT NULL OR queue.seq IS NOT NULL`.execute(ex);
  return new Map(rows.map((row) => [row.id, row.leaf_index === null ? null : Number(row.leaf_index)]));
}

/** A leaf and its entry; nulls if missing. */
export interface CheckedLeaf {
  readonly leaf_index: string | number;
  readonly entity_type: ChainPlace['entity_type'] | null;
  readonly entity_id: string | null;
  readonly position: number | null;
  readonly hash: Uint8Array | null;
}

/** Leaves in [from, to), in order. */
export async function rangeOfLeaves(ex: Executor, from: number, to: number): Promise<CheckedLeaf[]> {
  const { rows } = await sql<CheckedLeaf>`
    SELECT leaf.leaf_index, entry.entity_type, entry.entity_id, entry.position, entry.hash
    FROM audit_leaves AS leaf
    LEFT JOIN LATERAL (SELECT entity_type, entity_id, position, hash FROM audit_entries WHERE id = leaf.entry_id LIMIT 1) AS entry ON true
    WHERE leaf.leaf_index >= ${from}::bigint AND leaf.leaf_index < ${to}::bigint ORDER BY leaf.leaf_index`.execute(ex);
  return rows;
}

/** Extent of the stored tree in one snapshot. */
export interface TreeExtent {
  /** Number of leaves, and whether every index up to the last has one. */
  readonly size: number;
  /** Expected number of hashes per tile level if none is missing. */
  readonly levels: readonly number[];
}

/** Reads only the last tile of each level. */
export async function treeExtent(ex: Executor): Promise<TreeExtent> {
  const { rows } = await sql<{ level: number | null; hashes: string | number | null; size: string | number }>`
    WITH RECURSIVE found(level) AS (
      SELECT min(level) FROM audit_tiles
      UNION ALL
      SELECT (SELECT min(level) FROM audit_tiles WHERE level > found.level) FROM found WHERE found.level IS NOT NULL)
    SELECT tile.level, tile.hashes, leaves.size
    FROM (SELECT coalesce(max(leaf_index) + 1, 0) AS size FROM audit_leaves) AS leaves
    LEFT JOIN (
      SELECT found.level, last.tile_index * 256 + length(last.hashes) / 32 AS hashes
      FROM found JOIN LATERAL (
        SELECT tile_index, hashes FROM audit_tiles WHERE level = found.level ORDER BY tile_index DESC LIMIT 1) AS last ON true
    ) AS tile ON true ORDER BY tile.level`.execute(ex);
  const levels: number[] = [];
  for (const { level, hashes } of rows) if (level !== null) levels[level] = Number(hashes);
  return { size: Number(rows[0]!.size), levels: Array.from(levels, (hashes) => hashes ?? 0) };
}

/** A leaf with a negative index, which no page of leaves would return. */
export async function hasStrayLeaf(ex: Executor): Promise<boolean> {
  const row = await ex
    .selectFrom('audit_leaves')
    .select('leaf_index')
    .where('leaf_index', '<', 0)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** A range of entries in id order. */
export interface EntryStretch {
  /** Id of the last one; undefined: no more. */
  readonly last: string | undefined;
  /** Time of its first entry of events. */
  readonly eventsAt: Date | undefined;
}

/**
 * The next `limit` entries after an id. Sessions started after the first entry of events have all their events in the
 * log.
 */
export async function nextStretch(ex: Executor, after: string | undefined, limit: number): Promise<EntryStretch> {
  const from = after === undefined ? sql`` : sql`WHERE id > ${after}::uuid`;
  const { rows } = await sql<{ last: string | null; events_at: Date | null }>`
    WITH stretch AS (SELECT id, event_type, at FROM audit_entries ${from} ORDER BY id LIMIT ${limit})
    SELECT (SELECT id FROM stretch ORDER BY id DESC LIMIT 1) AS last,
      (SELECT at FROM stretch WHERE event_type = 'EVENTS_STORED' ORDER BY id LIMIT 1) AS events_at`.execute(ex);
  return { last: rows[0]?.last ?? undefined, eventsAt: rows[0]?.events_at ?? undefined };
}

/** An event row with raw details, and the current state of its session and chain. */
export type CheckedRecord = Omit<EventRow, 'details'> & {
  readonly details: string;
  readonly audit_salt: Uint8Array;
  readonly head_offset: number;
  readonly is_exact: boolean;
};

/**
 * Event rows of these sessions, by session id, after `after`. Fewer than the limit if they are long; none at the end.
 */
export async function pageOfRecords(
  ex: Executor,
  sessions: readonly string[],
  after: { readonly session_id: string; readonly seq: number } | undefined,
  limit: number,
): Promise<CheckedRecord[]> {
  const wanted = JSON.stringify(sessions.filter((id) => after === undefined || id >= after.session_id));
  const { rows } = await sql<CheckedRecord>`
    SELECT * FROM (
      SELECT *, sum(octet_length(details)) OVER (ORDER BY session_id, seq ROWS UNBOUNDED PRECEDING) - octet_length(details) AS bytes_before
      FROM (
        SELECT event.*, session.audit_salt, coalesce(session.event_offset, 0) AS head_offset
        FROM (SELECT value::uuid AS id FROM json_array_elements_text(${wanted}::json) AS value ORDER BY 1) AS wanted
        JOIN LATERAL (
          SELECT own.audit_salt, (SELECT head.event_offset FROM audit_heads AS head WHERE head.entity_type = 'session' AND head.entity_id = own.id)
          FROM sessions AS own WHERE own.id = wanted.id LIMIT 1) AS session ON true
        JOIN LATERAL (
          SELECT own.id, own.session_id, own.seq, own.change_offset, own.type, own.source, own.severity, own.weight, own.started_at, own.ended_at,
            own.duration_ms, own.confidence, own.details::text AS details, own.review, own.stream, own.client_seq, own.body_digest,
            ${isExact('own.started_at')} AND coalesce(${isExact('own.ended_at')}, true) AS is_exact
          FROM events AS own
          WHERE own.session_id = wanted.id AND (wanted.id IS DISTINCT FROM ${after?.session_id ?? null}::uuid OR own.seq > ${after?.seq ?? 0}::integer)
          ORDER BY own.seq LIMIT ${limit}) AS event ON true
        ORDER BY wanted.id, event.seq LIMIT ${limit}
      ) AS few
    ) AS page
    WHERE bytes_before < ${PAGE_BYTES}
    ORDER BY session_id, seq`.execute(ex);
  return rows;
}

/** Which of these sessions exist, with the current length of their chains. */
export async function sessionsThere(
  ex: Executor,
  sessions: readonly string[],
): Promise<Map<string, { readonly there: boolean; readonly length: number }>> {
  const { rows } = await sql<{ id: string; there: boolean; length: number }>`
    SELECT wanted.id, (SELECT true FROM sessions WHERE sessions.id = wanted.id) IS NOT NULL AS there,
      coalesce((SELECT head.length FROM audit_heads AS head WHERE head.entity_type = 'session' AND head.entity_id = wanted.id), 0) AS length
    FROM (SELECT value::uuid AS id FROM json_array_elements_text(${JSON.stringify(sessions)}::json) AS value) AS wanted`.execute(
    ex,
  );
  return new Map(rows.map(({ id, there, length }) => [id, { there, length }]));
}

/** A session, and whether it started after a given time without an entry in the log. */
export interface SessionKnown {
  readonly id: string;
  readonly is_unknown: boolean;
}

/** Sessions in id order, after `after`. */
export async function pageOfSessions(
  ex: Executor,
  since: Date,
  after: string | undefined,
  limit: number,
): Promise<SessionKnown[]> {
  const from = after === undefined ? sql`` : sql`WHERE id > ${after}::uuid`;
  const { rows } = await sql<SessionKnown>`
    SELECT session.id, session.started_at > ${since} AND (
      SELECT true FROM audit_heads AS head WHERE head.entity_type = 'session' AND head.entity_id = session.id) IS NULL AS is_unknown
    FROM (SELECT id, started_at FROM sessions ${from} ORDER BY id LIMIT ${limit}) AS session
    ORDER BY session.id`.execute(ex);
  return rows;
}
