import { randomBytes } from 'node:crypto';
import type { Selectable, Transaction } from 'kysely';
import { uuidv7 } from 'uuidv7';
import { AUDIT_EVENTS, type AuditEntity, type AuditEventType } from '../protocol/http/audit.ts';
import { entryHash, NO_HASH, saltedDigest } from './audit-hash.ts';
import type { AuditEntriesTable } from './schema/audit.ts';
import type { Schema } from './schema/database.ts';

export type AuditEntryRow = Selectable<AuditEntriesTable>;

/** An act that is to be logged. */
export interface NewAuditEntry {
  /** Given where the same transaction may be repeated: what is in the log under this id already is not appended again. */
  readonly id?: string;
  /** What it is about follows from it: see `AUDIT_EVENTS`. */
  readonly type: AuditEventType;
  readonly entityId: string;
  /** Who acted; null: the server itself. */
  readonly actor: string | null;
  readonly at: Date;
  /** Ids, codes and figures only. No names, no addresses, no texts: commit to those by `saltedDigest`. */
  readonly payload?: Readonly<Record<string, string | number | boolean | null>>;
}

const SALT_BYTES = 32;

const keyOf = (entity: { entity_type: AuditEntity; entity_id: string }) => `${entity.entity_type} ${entity.entity_id}`;

/** Appends one act to the chain of what it is about, as the last statement of the transaction that acts: the chain's head stays locked until COMMIT. */
export const appendAudit = (tx: Transaction<Schema>, entry: NewAuditEntry): Promise<AuditEntryRow[]> => appendAudits(tx, [entry]);

/**
 * Appends acts, each to the chain of what it is about, in their order.
 * @returns the rows that were appended
 */
export async function appendAudits(tx: Transaction<Schema>, entries: readonly NewAuditEntry[]): Promise<AuditEntryRow[]> {
  if (entries.length === 0) return [];
  const acts = entries.map((entry) => ({ ...entry, id: entry.id ?? uuidv7(), entity_type: AUDIT_EVENTS[entry.type].entityType, entity_id: entry.entityId }));
  const heads = await lockHeads(tx, acts);
  const known = await tx.selectFrom('audit_entries').select('id').where('id', 'in', acts.map((act) => act.id)).execute();
  const there = new Set(known.map((row) => row.id));
  const rows: AuditEntryRow[] = [];
  for (const act of acts) {
    if (there.has(act.id)) continue;
    const head = heads.get(keyOf(act))!;
    const payload = Buffer.from(JSON.stringify(act.payload ?? {}), 'utf8');
    const salt = randomBytes(SALT_BYTES);
    const entry = {
      id: act.id,
      entity_type: act.entity_type,
      entity_id: act.entity_id,
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
    heads.set(keyOf(act), { ...head, length: row.position, hash: row.hash });
    rows.push(row);
  }
  if (rows.length === 0) return [];
  await tx.insertInto('audit_entries').values(rows).execute();
  await saveHeads(tx, [...heads.values()]);
  return rows;
}

interface Head {
  readonly entity_type: AuditEntity;
  readonly entity_id: string;
  readonly length: number;
  readonly hash: Uint8Array;
}

/** Makes and locks the heads, always in the same order: two that append to the same chains cannot wait for each other. */
async function lockHeads(tx: Transaction<Schema>, of: readonly Pick<Head, 'entity_type' | 'entity_id'>[]): Promise<Map<string, Head>> {
  const distinct = new Map(of.map(({ entity_type, entity_id }) => [keyOf({ entity_type, entity_id }), { entity_type, entity_id, length: 0, hash: NO_HASH }]));
  const sorted = [...distinct].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, head]) => head);
  const rows = await tx
    .insertInto('audit_heads')
    .values(sorted)
    .onConflict((conflict) => conflict.columns(['entity_type', 'entity_id']).doUpdateSet((eb) => ({ length: eb.ref('audit_heads.length') })))
    .returningAll()
    .execute();
  return new Map(rows.map((row) => [keyOf(row), row]));
}

/** Locks the chain of one thing, so that nothing is appended meanwhile. @returns its length */
export async function lockChain(tx: Transaction<Schema>, entityType: AuditEntity, entityId: string): Promise<number> {
  const [head] = (await lockHeads(tx, [{ entity_type: entityType, entity_id: entityId }])).values();
  return head?.length ?? 0;
}

async function saveHeads(tx: Transaction<Schema>, heads: readonly Head[]): Promise<void> {
  await tx
    .insertInto('audit_heads')
    .values(heads)
    .onConflict((conflict) =>
      conflict.columns(['entity_type', 'entity_id']).doUpdateSet((eb) => ({ length: eb.ref('excluded.length'), hash: eb.ref('excluded.hash') })),
    )
    .execute();
}
