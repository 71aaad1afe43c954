import { type Selectable, sql } from 'kysely';
import type { AuditEntity } from '../protocol/http/audit.ts';
import type { AuditEntryRow } from './audit.ts';
import type { Executor } from './executor.ts';
import type { AuditHeadsTable } from './schema/audit.ts';

/** One chain, in its order. */
export async function listChain(
  ex: Executor,
  chain: { readonly entityType: AuditEntity; readonly entityId: string },
  page: { readonly afterPosition: number; readonly limit: number },
): Promise<AuditEntryRow[]> {
  return ex
    .selectFrom('audit_entries')
    .selectAll()
    .where('entity_type', '=', chain.entityType)
    .where('entity_id', '=', chain.entityId)
    .where('position', '>', page.afterPosition)
    .orderBy('position')
    .limit(page.limit)
    .execute();
}

/** Acts of one type, newest first. */
export async function listActs(ex: Executor, type: string, page: { readonly cursor: string | undefined; readonly limit: number }): Promise<AuditEntryRow[]> {
  let query = ex.selectFrom('audit_entries').selectAll().where('event_type', '=', type).orderBy('id', 'desc').limit(page.limit);
  // Says to the database what its partial index leaves out; entries of events are found by their ids, being the most.
  if (type !== 'EVENTS_STORED') query = query.where('event_type', '<>', 'EVENTS_STORED');
  if (page.cursor !== undefined) query = query.where('id', '<', page.cursor);
  return query.execute();
}

export interface AuditSummary {
  readonly entries: number;
  readonly entities: number;
  readonly newest: AuditEntryRow | undefined;
}

export async function summariseAudit(ex: Executor): Promise<AuditSummary> {
  const { rows } = await sql<{ entries: string | number; entities: string | number }>`
    SELECT (SELECT count(*) FROM audit_entries) AS entries, (SELECT count(*) FROM audit_heads) AS entities`.execute(ex);
  const newest = await ex.selectFrom('audit_entries').selectAll().orderBy('id', 'desc').limit(1).executeTakeFirst();
  return { entries: Number(rows[0]?.entries ?? 0), entities: Number(rows[0]?.entities ?? 0), newest };
}

export type ChainPlace = Pick<AuditEntryRow, 'entity_type' | 'entity_id' | 'position'>;

/** An entry, beside the head of its chain as it was at that moment; nulls when there is none. */
export type CheckedRow = AuditEntryRow & { readonly head_length: number | null; readonly head_hash: Uint8Array | null };

/** All chains, one after the other, each in its order: the rows after `after`. */
export async function pageOfChains(ex: Executor, after: ChainPlace | undefined, limit: number): Promise<CheckedRow[]> {
  let query = ex
    .selectFrom('audit_entries as entry')
    .leftJoin('audit_heads as head', (join) => join.onRef('head.entity_type', '=', 'entry.entity_type').onRef('head.entity_id', '=', 'entry.entity_id'))
    .selectAll('entry')
    .select(['head.length as head_length', 'head.hash as head_hash'])
    .orderBy('entry.entity_type')
    .orderBy('entry.entity_id')
    .orderBy('entry.position')
    .limit(limit);
  if (after) {
    query = query.where((eb) =>
      eb(eb.refTuple('entry.entity_type', 'entry.entity_id', 'entry.position'), '>', eb.tuple(after.entity_type, after.entity_id, after.position)),
    );
  }
  return query.execute();
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
