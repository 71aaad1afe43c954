import { type Transaction, sql } from 'kysely';
import type { AuditEntity } from '../../protocol/http/audit.ts';
import type { Schema } from '../schema/database.ts';

/** The end of one chain, locked. */
export interface AuditHead {
  readonly entity_type: AuditEntity;
  readonly entity_id: string;
  readonly length: number;
  readonly hash: Uint8Array;
  /** Of a session: the highest offset of its events' changes that is in the log. */
  readonly event_offset: number;
}

export type Chain = Pick<AuditHead, 'entity_type' | 'entity_id'>;

export const chainKey = (chain: Chain): string => `${chain.entity_type} ${chain.entity_id}`;

/**
 * Locks chains in the order of their keys, and makes those that are missing before it locks any: whoever waits for a
 * head that another makes holds nothing that others can see. So no two that append to the same chains can wait for each
 * other.
 * @returns by `chainKey`
 */
export async function lockHeads(tx: Transaction<Schema>, of: readonly Chain[]): Promise<Map<string, AuditHead>> {
  const distinct = [
    ...new Map(of.map((chain) => [chainKey(chain), { type: chain.entity_type, id: chain.entity_id }])).values(),
  ];
  const wanted = sql`jsonb_to_recordset(${JSON.stringify(distinct)}::jsonb) AS wanted(type text, id uuid)`;
  const missing = sql`SELECT wanted.type, wanted.id FROM ${wanted}
    WHERE NOT EXISTS (SELECT FROM audit_heads AS head WHERE head.entity_type = wanted.type AND head.entity_id = wanted.id)`;
  const lock = async () => {
    // All or none: what is locked beside a missing one would be held while that is waited for.
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

/** Locks the chain of one thing, so that nothing is appended meanwhile. @returns its length */
export async function lockChain(tx: Transaction<Schema>, entityType: AuditEntity, entityId: string): Promise<number> {
  const [head] = (await lockHeads(tx, [{ entity_type: entityType, entity_id: entityId }])).values();
  return head?.length ?? 0;
}
