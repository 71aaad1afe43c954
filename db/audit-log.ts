import { sql } from 'kysely';
import type { AuditEntity } from '../protocol/http/audit.ts';
import type { AuditEntryRow } from './audit.ts';
import type { Executor } from './executor.ts';

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

/** Security entries, newest first. */
export async function listSecurity(ex: Executor, page: { readonly actor: string | undefined; readonly cursor: string | undefined; readonly limit: number }): Promise<AuditEntryRow[]> {
  let query = ex.selectFrom('audit_entries').selectAll().where('event_type', '=', 'SECURITY').where('event_type', '<>', 'EVENTS_STORED').orderBy('id', 'desc').limit(page.limit);
  if (page.actor !== undefined) query = query.where('actor', '=', page.actor);
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
