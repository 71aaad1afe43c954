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

/** An act that is to be logged. */
export interface NewAuditEntry {
  /**
   * Given where the same transaction may be repeated: what is in the log under this id already is not appended again.
   */
  readonly id?: string;
  /** What it is about follows from it: see `AUDIT_EVENTS`. */
  readonly type: AuditEventType;
  readonly entityId: string;
  /** Who acted; null: the server itself. */
  readonly actor: string | null;
  readonly at: Date;
  /** Ids, codes and figures only. No names, no addresses, no texts: commit to those by `saltedDigest`. */
  readonly payload?: Readonly<Record<string, unknown>>;
}

const SALT_BYTES = 32;

/**
 * Appends one act to the chain of what it is about, as the last statement of the transaction that acts: the chain's
 * head stays locked until COMMIT.
 */
export const appendAudit = (tx: Transaction<Schema>, entry: NewAuditEntry): Promise<AuditEntryRow[]> =>
  appendAudits(tx, [entry]);

export const sessionChain = (sessionId: string): Chain => ({ entity_type: 'session', entity_id: sessionId });

const chainOf = ({ type, entityId }: Pick<NewAuditEntry, 'type' | 'entityId'>) => ({
  entity_type: AUDIT_EVENTS[type].entityType,
  entity_id: entityId,
});

/**
 * Appends acts, each to the chain of what it is about, in their order; before them what the transaction stored of
 * sessions' events. Events are logged once, whether the transaction is repeated or not: the chain's head knows the
 * highest offset that is in the log.
 * @param at when the events were stored
 * @returns the rows that were appended
 */
export async function appendAudits(
  tx: Transaction<Schema>,
  acts: readonly NewAuditEntry[],
  stored: readonly StoredEvents[] = [],
  at: Date = new Date(),
): Promise<AuditEntryRow[]> {
  return (await appendToChains(tx, acts, stored, at)).rows;
}

/**
 * As `appendAudits`. @returns the ends of the chains as well, by `chainKey`; they are so once the transaction is
 * committed
 */
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

/** An entry at the end of its chain; moves the chain's head. */
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

/** What a transaction stored of a session's events, at the end of its chain; moves the chain's head. */
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

/** Acts that are not in the log yet. */
async function unknown(tx: Transaction<Schema>, acts: readonly NewAuditEntry[]): Promise<readonly NewAuditEntry[]> {
  const ids = acts.flatMap(({ id }) => id ?? []);
  if (ids.length === 0) return acts;
  const known = await tx.selectFrom('audit_entries').select('id').where('id', 'in', ids).execute();
  const there = new Set(known.map((row) => row.id));
  return acts.filter(({ id }) => id === undefined || !there.has(id));
}

/** Bytes in JSON, for `decode(..., 'hex')`. */
export const hex = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');

/** SQL: entries as `json_to_recordset` reads them, as `v`, numbered by `n`; their columns, and what goes into them. */
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

/**
 * Entries, their places in the queue of the tree, and the new ends of their chains: one statement, whatever their
 * number.
 */
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
