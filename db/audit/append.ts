import { randomBytes } from 'node:crypto';
import { type Selectable, sql, type Transaction } from 'kysely';
import { uuidv7 } from 'uuidv7';
import { AUDIT_EVENTS, type AuditEventType } from '../../protocol/http/audit.ts';
import { entryHash, saltedDigest } from './hash.ts';
import { type AuditHead, type Chain, chainKey, lockHeads } from './heads.ts';
import type { AuditEntriesTable } from '../schema/audit.ts';
import type { Schema } from '../schema/database.ts';
import { EVENTS_PER_ENTRY, logged, type StoredEvents } from '../stored-events.ts';

export type AuditEntryRow = Selectable<AuditEntriesTable>;

/** An audit entry to be appended. */
export interface NewAuditEntry {
  /** Set where the transaction may be repeated: an entry whose id is already in the log is skipped. */
  readonly id?: string;
  /** Determines the entity type: see `AUDIT_EVENTS`. */
  readonly type: AuditEventType;
  readonly entityId: string;
  /** Acting user; null: the server itself. */
  readonly actor: string | null;
  readonly at: Date;
  /**
   * Ids, codes, numbers, times and places (room, seat) only. Names, addresses and texts are committed to by
   * `saltedDigest` instead.
   */
  readonly payload?: Readonly<Record<string, unknown>>;
}

const SALT_BYTES = 32;

/**
 * Appends one entry to its entity's chain, as the last statement of the acting transaction: the head of the chain stays
 * locked until COMMIT.
 */
export const appendAudit = (tx: Transaction<Schema>, entry: NewAuditEntry): Promise<AuditEntryRow[]> =>
  appendAudits(tx, [entry]);

export const sessionChain = (sessionId: string): Chain => ({ entity_type: 'session', entity_id: sessionId });

const chainOf = ({ type, entityId }: Pick<NewAuditEntry, 'type' | 'entityId'>) => ({
  entity_type: AUDIT_EVENTS[type].entityType,
  entity_id: entityId,
});

/**
 * Appends entries, each to its entity's chain, in order, after the session events that the transaction stored. Events
 * are logged once even if the transaction is repeated: the head of the chain holds the highest logged offset.
 * @param at when the events were stored
 * @returns the appended rows
 */
export async function appendAudits(
  tx: Transaction<Schema>,
  acts: readonly NewAuditEntry[],
  stored: readonly StoredEvents[] = [],
  at: Date = new Date(),
): Promise<AuditEntryRow[]> {
  return (await appendToChains(tx, acts, stored, at)).rows;
}

/** As `appendAudits`. @returns also the new heads of the chains by `chainKey`, valid once the transaction commits */
export async function appendToChains(
  tx: Transaction<Schema>,
  acts: readonly NewAuditEntry[],
  stored: readonly StoredEvents[],
  at: Date,
): Promise<{ readonly rows: AuditEntryRow[]; readonly heads: ReadonlyMap<string, AuditHead> }> {
  if (acts.length === 0 && stored.length === 0) return { rows: [], heads: new Map() };
  const heads = await lockHeads(tx, [...stored.map(({ sessionId }) => sessionChain(sessionId)), ...acts.map(chainOf)]);
  const rows = [
    ...stored.flatMap((events) => rowsOfEvents(heads, events, at)),
    ...(await unknown(tx, acts)).map((act) => nextRow(heads, act)),
  ];
  if (rows.length > 0) await insert(tx, rows, heads);
  return { rows, heads };
}

/** Adds an entry to its chain and advances the head. */
function nextRow(heads: Map<string, AuditHead>, act: NewAuditEntry): AuditEntryRow {
  const chain = chainOf(act);
  const head = heads.get(chainKey(chain))!;
  const payload = Buffer.from(JSON.stringify(act.payload ?? {}), 'utf8');
  const salt = randomBytes(SALT_BYTES);
  const entry = {
    id: act.id ?? uuidv7(),
    ...chain,
    position: head.length + 1,
    event_type: act.type,
    actor: act.actor,
    at: act.at,
    payload,
    salt,
    digest: saltedDigest('payload', salt, payload),
    prev_hash: head.hash,
  };
  const row = { ...entry, hash: entryHash(entry) };
  heads.set(chainKey(chain), { ...head, length: row.position, hash: row.hash });
  return row;
}

/** Adds an entry for a session's stored events to its chain and advances the head. */
export function rowsOfEvents(
  heads: Map<string, AuditHead>,
  { sessionId, salt, events }: StoredEvents,
  at: Date,
): AuditEntryRow[] {
  const key = chainKey(sessionChain(sessionId));
  const known = heads.get(key)!.event_offset;
  const all = events
    .filter((event) => event.change_offset > known)
    .toSorted((a, b) => a.change_offset - b.change_offset)
    .map((event) => logged(event, salt));
  const rows: AuditEntryRow[] = [];
  for (let from = 0; from < all.length; from += EVENTS_PER_ENTRY) {
    const part = all.slice(from, from + EVENTS_PER_ENTRY);
    rows.push(
      nextRow(heads, { type: 'EVENTS_STORED', entityId: sessionId, actor: null, at, payload: { events: part } }),
    );
    heads.set(key, { ...heads.get(key)!, event_offset: part.at(-1)!.offset });
  }
  return rows;
}

/** Filters out entries that are already in the log. */
async function unknown(tx: Transaction<Schema>, acts: readonly NewAuditEntry[]): Promise<readonly NewAuditEntry[]> {
  const ids = acts.flatMap(({ id }) => id ?? []);
  if (ids.length === 0) return acts;
  const known = await tx.selectFrom('audit_entries').select('id').where('id', 'in', ids).execute();
  const there = new Set(known.map((row) => row.id));
  return acts.filter(({ id }) => id === undefined || !there.has(id));
}

/** Bytes as JSON text, for `decode(..., 'hex')`. */
export const hex = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');

/** SQL: record type of entries for `json_to_recordset` as `v`, numbered by `n`; column list; and inserted values. */
export const ENTRIES = {
  record: `v(
      n integer, id uuid, entity_type text, entity_id uuid, position integer, event_type text, actor uuid, at timestamptz,
      payload text, salt text, digest text, prev_hash text, hash text)`,
  columns: 'id, entity_type, entity_id, position, event_type, actor, at, payload, salt, digest, prev_hash, hash',
  values: `id, entity_type, entity_id, position, event_type, actor, at, decode(payload, 'hex'), decode(salt, 'hex'),
      decode(digest, 'hex'), decode(prev_hash, 'hex'), decode(hash, 'hex')`,
  json: (rows: readonly AuditEntryRow[]): string =>
    JSON.stringify(
      rows.map((row, n) => ({
        ...row,
        n,
        payload: hex(row.payload),
        salt: hex(row.salt),
        digest: hex(row.digest),
        prev_hash: hex(row.prev_hash),
        hash: hex(row.hash),
      })),
    ),
};

/** Inserts entries, queues them for the tree and updates the heads, in one statement for any number. */
async function insert(
  tx: Transaction<Schema>,
  rows: readonly AuditEntryRow[],
  heads: ReadonlyMap<string, AuditHead>,
): Promise<void> {
  const ends = [...heads.values()].map((head) => ({ ...head, hash: hex(head.hash) }));
  await sql`
    WITH entry AS (SELECT * FROM json_to_recordset(${ENTRIES.json(rows)}::json) AS ${sql.raw(ENTRIES.record)}),
    inserted AS (INSERT INTO audit_entries (${sql.raw(ENTRIES.columns)}) SELECT ${sql.raw(ENTRIES.values)} FROM entry),
    queued AS (INSERT INTO audit_queue (entry_id) SELECT id FROM entry ORDER BY n)
    UPDATE audit_heads AS head SET length = v.length, hash = decode(v.hash, 'hex'), event_offset = v.event_offset
    FROM json_to_recordset(${JSON.stringify(ends)}::json) AS v(entity_type text, entity_id uuid, length integer, hash text, event_offset integer)
    WHERE head.entity_type = v.entity_type AND head.entity_id = v.entity_id`.execute(tx);
}
