import { type Selectable, sql } from 'kysely';
import type { AuditEntryRow } from './audit.ts';
import type { EventRow } from './events.ts';
import type { Executor } from './executor.ts';
import type { AuditHeadsTable } from './schema/audit.ts';

/** What verifying the audit log reads: everything, in pages, each page one statement. */

export type ChainPlace = Pick<AuditEntryRow, 'entity_type' | 'entity_id' | 'position'>;

/** An entry, beside the head of its chain as it was at that moment and its place in the tree; nulls when there is none. */
export type CheckedRow = AuditEntryRow & {
  readonly head_length: number | null;
  readonly head_hash: Uint8Array | null;
  readonly head_offset: number | null;
  readonly leaf_index: string | number | null;
  readonly is_exact: boolean;
};

/** Whether a time is one that a program can have written: it has milliseconds at most, and an end. */
const isExact = (column: string) => sql<boolean>`(isfinite(${sql.ref(column)}) AND date_trunc('milliseconds', ${sql.ref(column)}) = ${sql.ref(column)})`;

/** All chains, one after the other, each in its order: the rows after `after`. */
export async function pageOfChains(ex: Executor, after: ChainPlace | undefined, limit: number): Promise<CheckedRow[]> {
  const from = after ? sql`WHERE (entity_type, entity_id, position) > (${after.entity_type}, ${after.entity_id}::uuid, ${after.position}::integer)` : sql``;
  const { rows } = await sql<CheckedRow>`
    SELECT entry.*, head.length AS head_length, head.hash AS head_hash, head.event_offset AS head_offset, leaf.leaf_index,
      ${isExact('entry.at')} AS is_exact
    FROM (SELECT * FROM audit_entries ${from} ORDER BY entity_type, entity_id, position LIMIT ${limit}) AS entry
    LEFT JOIN audit_heads AS head ON head.entity_type = entry.entity_type AND head.entity_id = entry.entity_id
    LEFT JOIN audit_leaves AS leaf ON leaf.entry_id = entry.id
    ORDER BY entry.entity_type, entry.entity_id, entry.position`.execute(ex);
  return rows;
}

/** A head whose last entry is not there. */
export async function findHeadWithoutEntry(ex: Executor): Promise<Selectable<AuditHeadsTable> | undefined> {
  return ex
    .selectFrom('audit_heads as head')
    .selectAll('head')
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('audit_entries as entry')
            .select('entry.id')
            .whereRef('entry.entity_type', '=', 'head.entity_type')
            .whereRef('entry.entity_id', '=', 'head.entity_id')
            .whereRef('entry.position', '=', 'head.length'),
        ),
      ),
    )
    .orderBy('head.entity_type')
    .orderBy('head.entity_id')
    .limit(1)
    .executeTakeFirst();
}

/** Of these entries, those that have a leaf or wait for one: with the leaf, or null. */
export async function placesOf(ex: Executor, entries: readonly string[]): Promise<Map<string, number | null>> {
  if (entries.length === 0) return new Map();
  const { rows } = await sql<{ id: string; leaf_index: string | number | null }>`
    SELECT wanted.id, leaf.leaf_index
    FROM (SELECT value::uuid AS id FROM json_array_elements_text(${JSON.stringify(entries)}::json) AS value) AS wanted
    LEFT JOIN audit_leaves AS leaf ON leaf.entry_id = wanted.id
    LEFT JOIN audit_queue AS queue ON queue.entry_id = wanted.id
    WHERE leaf.leaf_index IS NOT NULL OR queue.seq IS NOT NULL`.execute(ex);
  return new Map(rows.map((row) => [row.id, row.leaf_index === null ? null : Number(row.leaf_index)]));
}

/** A leaf and its entry; nulls when there is none. */
export interface CheckedLeaf {
  readonly leaf_index: string | number;
  readonly entity_type: ChainPlace['entity_type'] | null;
  readonly entity_id: string | null;
  readonly position: number | null;
  readonly hash: Uint8Array | null;
}

/** Leaves from `from` up to and without `to`, in their order. */
export async function rangeOfLeaves(ex: Executor, from: number, to: number): Promise<CheckedLeaf[]> {
  const { rows } = await sql<CheckedLeaf>`
    SELECT leaf.leaf_index, entry.entity_type, entry.entity_id, entry.position, entry.hash
    FROM audit_leaves AS leaf LEFT JOIN audit_entries AS entry ON entry.id = leaf.entry_id
    WHERE leaf.leaf_index >= ${from}::bigint AND leaf.leaf_index < ${to}::bigint ORDER BY leaf.leaf_index`.execute(ex);
  return rows;
}

/** How far the tree is stored, at one moment. */
export interface TreeExtent {
  /** Leaves, and whether there is one of each index up to the last. */
  readonly size: number;
  /** Hashes that the tiles of each level hold, were none missing. */
  readonly levels: readonly number[];
}

export async function treeExtent(ex: Executor): Promise<TreeExtent> {
  const { rows } = await sql<{ level: number | null; hashes: string | number | null; size: string | number }>`
    SELECT tile.level, tile.hashes, leaves.size
    FROM (SELECT coalesce(max(leaf_index) + 1, 0) AS size FROM audit_leaves) AS leaves
    LEFT JOIN (
      SELECT DISTINCT ON (level) level, tile_index * 256 + length(hashes) / 32 AS hashes FROM audit_tiles ORDER BY level, tile_index DESC
    ) AS tile ON true ORDER BY tile.level`.execute(ex);
  const levels: number[] = [];
  for (const { level, hashes } of rows) if (level !== null) levels[level] = Number(hashes);
  return { size: Number(rows[0]!.size), levels: Array.from(levels, (hashes) => hashes ?? 0) };
}

/** A leaf of a negative index: no page of leaves would show it. */
export async function hasStrayLeaf(ex: Executor): Promise<boolean> {
  const row = await ex.selectFrom('audit_leaves').select('leaf_index').where('leaf_index', '<', 0).limit(1).executeTakeFirst();
  return row !== undefined;
}

/** When the first entry of events was made: sessions that started later have all their events in the log. */
export async function firstEventsLogged(ex: Executor): Promise<Date | undefined> {
  const row = await ex.selectFrom('audit_entries').select('at').where('event_type', '=', 'EVENTS_STORED').orderBy('id').limit(1).executeTakeFirst();
  return row?.at;
}

/** A row of an event, its details as they are stored, beside what its session and its chain say at that moment. */
export type CheckedRecord = Omit<EventRow, 'details'> & { readonly details: string; readonly audit_salt: Uint8Array; readonly head_offset: number; readonly is_exact: boolean };

/** Rows of events of these sessions, those after `after`. */
export async function pageOfRecords(
  ex: Executor,
  sessions: readonly string[],
  after: { readonly session_id: string; readonly seq: number } | undefined,
  limit: number,
): Promise<CheckedRecord[]> {
  const from = after ? sql`AND (event.session_id, event.seq) > (${after.session_id}::uuid, ${after.seq}::integer)` : sql``;
  const { rows } = await sql<CheckedRecord>`
    SELECT event.id, event.session_id, event.seq, event.change_offset, event.type, event.source, event.severity, event.weight, event.started_at,
      event.ended_at, event.duration_ms, event.confidence, event.details::text AS details, event.review, event.stream, event.client_seq,
      event.body_digest, session.audit_salt, coalesce(head.event_offset, 0) AS head_offset,
      ${isExact('event.started_at')} AND coalesce(${isExact('event.ended_at')}, true) AS is_exact
    FROM events AS event
    JOIN sessions AS session ON session.id = event.session_id
    LEFT JOIN audit_heads AS head ON head.entity_type = 'session' AND head.entity_id = event.session_id
    WHERE event.session_id IN (SELECT value::uuid FROM json_array_elements_text(${JSON.stringify(sessions)}::json) AS value) ${from}
    ORDER BY event.session_id, event.seq LIMIT ${limit}`.execute(ex);
  return rows;
}

/** Of these sessions, whether they are there, and how long their chains are at that moment. */
export async function sessionsThere(ex: Executor, sessions: readonly string[]): Promise<Map<string, { readonly there: boolean; readonly length: number }>> {
  const { rows } = await sql<{ id: string; there: boolean; length: number }>`
    SELECT wanted.id, session.id IS NOT NULL AS there, coalesce(head.length, 0) AS length
    FROM (SELECT value::uuid AS id FROM json_array_elements_text(${JSON.stringify(sessions)}::json) AS value) AS wanted
    LEFT JOIN sessions AS session ON session.id = wanted.id
    LEFT JOIN audit_heads AS head ON head.entity_type = 'session' AND head.entity_id = wanted.id`.execute(ex);
  return new Map(rows.map(({ id, there, length }) => [id, { there, length }]));
}

/** A session that started after `since` and of which the log knows nothing. */
export async function findSessionWithoutChain(ex: Executor, since: Date): Promise<string | undefined> {
  const row = await ex
    .selectFrom('sessions')
    .leftJoin('audit_heads as head', (join) => join.on('head.entity_type', '=', 'session').onRef('head.entity_id', '=', 'sessions.id'))
    .select('sessions.id')
    .where('sessions.started_at', '>', since)
    .where('head.entity_id', 'is', null)
    .orderBy('sessions.id')
    .limit(1)
    .executeTakeFirst();
  return row?.id;
}
