import { type Transaction, sql } from 'kysely';
import type { AuditEntity } from '../../protocol/http/audit.ts';
import type { Schema } from '../schema/database.ts';

/** Head of a chain, locked. */
export interface AuditHead {
  readonly entity_type: AuditEntity;
  readonly entity_id: string;
  readonly length: number;
  readonly hash: Uint8Array;
  /** For sessions: highest event change offset in the log. */
  readonly event_offset: number;
}

export type Chain = Pick<AuditHead, 'entity_type' | 'entity_id'>;

export const chainKey = (chain: Chain): string => `${chain.entity_type} ${chain.entity_id}`;

/**
 * Locks chains in the order of their keys, creating missing ones first, before holding any lock, so transactions
 * appending to the same chains cannot deadlock.
 * @returns heads by `chainKey`
 */
export async function lockHeads(tx: Transaction<Schema>, of: readonly Chain[]): Promise<Map<string, AuditHead>> {
  const distinct = [
    ...new Map(of.map((chain) => [chainKey(chain), { type: chain.entity_type, id: chain.entity_id }])).values(),
  ];
  const wanted = sql`jsonb_to_recordset(${JSON.stringify(distinct)}::jsonb) AS wanted(type text, id uuid)`;
  const missing = sql`SELECT wanted.type, wanted.id FROM ${wanted}
    WHERE NOT EXISTS (SELECT FROM audit_heads AS head WHERE head.entity_type = wanted.type AND head.entity_id = wanted.id)`;
  const lock = async () => {
    // All or none: a partial lock would be held while waiting for a missing head.
    const { rows } = await sql<AuditHead>`
      SELECT head.* FROM audit_heads AS head JOIN ${wanted} ON head.entity_type = wanted.type AND head.entity_id = wanted.id
      WHERE NOT EXISTS (${missing})
      ORDER BY head.entity_type, head.entity_id FOR UPDATE OF head`.execute(tx);
    return new Map(rows.map((row) => [chainKey(row), row]));
  };
  const there = await lock();
  if (there.size === distinct.length) return there;
  await sql`
    INSERT INTO audit_heads (entity_type, entity_id, length, hash)
    SELECT type, id, 0, decode(repeat('00', 32), 'hex') FROM (${missing}) AS missing
    ORDER BY type, id
    ON CONFLICT DO NOTHING`.execute(tx);
  return lock();
}

/** Locks the chain of one entity against appends. @returns its length */
export async function lockChain(tx: Transaction<Schema>, entityType: AuditEntity, entityId: string): Promise<number> {
  const [head] = (await lockHeads(tx, [{ entity_type: entityType, entity_id: entityId }])).values();
  return head?.length ?? 0;
}
