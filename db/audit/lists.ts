import { sql } from 'kysely';
import type { AuditEntity } from '../../protocol/http/audit.ts';
import type { AuditEntryRow } from './append.ts';
import type { Executor } from '../executor.ts';
import { notAboutOwn, type OwnRecords } from './own-records.ts';

/** Entries of one chain, in order. @param own left out */
export async function listChain(
  ex: Executor,
  chain: { readonly entityType: AuditEntity; readonly entityId: string },
  page: { readonly afterPosition: number; readonly limit: number },
  own?: OwnRecords,
): Promise<AuditEntryRow[]> {
  return ex
    .selectFrom('audit_entries')
    .selectAll()
    .where('entity_type', '=', chain.entityType)
    .where('entity_id', '=', chain.entityId)
    .where('position', '>', page.afterPosition)
    .$if(own !== undefined, (some) => some.where(notAboutOwn(own!, 'audit_entries')))
    .orderBy('position')
    .limit(page.limit)
    .execute();
}

/** Entries of one type, newest first. @param own left out */
export async function listActs(
  ex: Executor,
  type: string,
  page: { readonly cursor: string | undefined; readonly limit: number },
  own?: OwnRecords,
): Promise<AuditEntryRow[]> {
  let query = ex
    .selectFrom('audit_entries')
    .selectAll()
    .where('event_type', '=', type)
    .$if(own !== undefined, (some) => some.where(notAboutOwn(own!, 'audit_entries')))
    .orderBy('id', 'desc')
    .limit(page.limit);
  // Matches the condition of the partial index; entries of events, which are most of the log, are found by id.
  if (type !== 'EVENTS_STORED') query = query.where('event_type', '<>', 'EVENTS_STORED');
  if (page.cursor !== undefined) query = query.where('id', '<', page.cursor);
  return query.execute();
}

/** Security entries, newest first. @param own left out */
export async function listSecurity(
  ex: Executor,
  page: { readonly actor: string | undefined; readonly cursor: string | undefined; readonly limit: number },
  own?: OwnRecords,
): Promise<AuditEntryRow[]> {
  let query = ex
    .selectFrom('audit_entries')
    .selectAll()
    .where('event_type', '=', 'SECURITY')
    .$if(own !== undefined, (some) => some.where(notAboutOwn(own!, 'audit_entries')))
    .where('event_type', '<>', 'EVENTS_STORED')
    .orderBy('id', 'desc')
    .limit(page.limit);
  if (page.actor !== undefined) query = query.where('actor', '=', page.actor);
  if (page.cursor !== undefined) query = query.where('id', '<', page.cursor);
  return query.execute();
}

export interface AuditSummary {
  readonly entries: number;
  readonly entities: number;
  readonly newest: AuditEntryRow | undefined;
}

/** Rows counted per statement. */
const COUNTED_AT_ONCE = 5000;

/** Number of rows of a table, counted by primary key in ranges so that each statement is short. */
async function countRows(
  ex: Executor,
  table: 'audit_entries' | 'audit_heads',
  key: readonly string[],
): Promise<number> {
  const columns = sql.join(key.map((column) => sql.ref(column)));
  const backwards = sql.join(key.map((column) => sql`${sql.ref(column)} DESC`));
  let last: Record<string, string> | undefined;
  for (let count = 0; ;) {
    const from = last ? sql`WHERE (${columns}) > (${sql.join(key.map((column) => last![column]))})` : sql``;
    const { rows } = await sql<Record<string, string> & { rows_counted: string | number }>`
      WITH stretch AS (SELECT ${columns} FROM ${sql.table(table)} ${from} ORDER BY ${columns} LIMIT ${COUNTED_AT_ONCE})
      SELECT *, (SELECT count(*) FROM stretch) AS rows_counted FROM stretch ORDER BY ${backwards} LIMIT 1`.execute(ex);
    last = rows[0];
    count += Number(last?.rows_counted ?? 0);
    if (Number(last?.rows_counted ?? 0) < COUNTED_AT_ONCE) return count;
  }
}

/** @param own the newest entry is none of them */
export async function summariseAudit(ex: Executor, own?: OwnRecords): Promise<AuditSummary> {
  const [entries, entities] = [
    await countRows(ex, 'audit_entries', ['id']),
    await countRows(ex, 'audit_heads', ['entity_type', 'entity_id']),
  ];
  const newest = await ex
    .selectFrom('audit_entries')
    .selectAll()
    .$if(own !== undefined, (some) => some.where(notAboutOwn(own!, 'audit_entries')))
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return { entries, entities, newest };
}
