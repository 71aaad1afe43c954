import { CompiledQuery } from 'kysely';
import { type AuditEntryRow, ENTRIES, hex } from './audit/append.ts';
import type { AuditHead } from './audit/heads.ts';
import { EVENTS, type EventRow } from './events.ts';
import type { Executor } from './executor.ts';
import { type SessionTotals, TOTALS } from './sessions.ts';

/** Totals and events of many sessions; each id once. */
export interface GroupWrite {
  readonly totals: readonly SessionTotals[];
  readonly events: readonly EventRow[];
  /** Audit entries of the events, and the heads of their chains before and after. */
  readonly entries: readonly AuditEntryRow[];
  readonly ends: readonly { readonly before: AuditHead; readonly after: AuditHead }[];
}

/** Constant text: it is prepared once per connection (`openDatabase` names it). */
export const GROUP_WRITE = `
WITH v AS MATERIALIZED (SELECT * FROM jsonb_to_recordset($1::jsonb) AS ${TOTALS.record}),
entry AS MATERIALIZED (SELECT * FROM json_to_recordset($2::json) AS ${ENTRIES.record}),
chain AS MATERIALIZED (SELECT * FROM json_to_recordset($3::json)
  AS c(id uuid, length_before integer, hash_before text, length integer, hash text, event_offset integer)),
owned AS MATERIALIZED (
  SELECT s.id FROM sessions AS s JOIN v ON s.id = v.id AND s.owner_epoch = v.epoch ORDER BY s.id FOR UPDATE OF s),
locked AS MATERIALIZED (
  SELECT head.entity_id AS id, head.length, head.hash FROM audit_heads AS head JOIN chain ON head.entity_id = chain.id
  WHERE head.entity_type = 'session' AND head.entity_id IN (SELECT id FROM owned)
  ORDER BY head.entity_id FOR UPDATE OF head),
known AS MATERIALIZED (
  SELECT id FROM locked JOIN chain USING (id) WHERE locked.length = length_before AND locked.hash = decode(hash_before, 'hex')),
writable AS MATERIALIZED (
  SELECT id FROM owned WHERE id IN (SELECT id FROM known) OR id NOT IN (SELECT id FROM chain)),
moved AS (
  UPDATE audit_heads AS head SET length = chain.length, hash = decode(chain.hash, 'hex'), event_offset = chain.event_offset
  FROM chain JOIN known ON known.id = chain.id WHERE head.entity_type = 'session' AND head.entity_id = known.id),
saved AS (UPDATE sessions AS s SET ${TOTALS.set} FROM v JOIN writable ON writable.id = v.id WHERE s.id = writable.id),
stored AS (
  INSERT INTO events (${EVENTS.columns})
  SELECT ${EVENTS.columns} FROM json_to_recordset($4::json) AS ${EVENTS.record}
  WHERE session_id IN (SELECT id FROM writable)
  ${EVENTS.onConflict}),
inserted AS (INSERT INTO audit_entries (${ENTRIES.columns}) SELECT ${ENTRIES.values} FROM entry WHERE entity_id IN (SELECT id FROM known)),
queued AS (INSERT INTO audit_queue (entry_id) SELECT id FROM entry WHERE entity_id IN (SELECT id FROM known) ORDER BY n)
SELECT id, id IN (SELECT id FROM writable) AS written FROM owned`;

/**
 * Writes a group commit in one statement, without a surrounding transaction: a session is written if the caller owns it
 * (by its epoch) and the head of its chain is as expected, otherwise not at all. Locks sessions before heads, each in
 * id order, as all writers do.
 * @returns for each session the caller owns, whether it was written
 */
export async function writeGroup(
  ex: Executor,
  { totals, events, entries, ends }: GroupWrite,
): Promise<Map<string, boolean>> {
  const chains = ends.map(({ before, after }) => ({
    id: before.entity_id,
    length_before: before.length,
    hash_before: hex(before.hash),
    length: after.length,
    hash: hex(after.hash),
    event_offset: after.event_offset,
  }));
  const parameters = [JSON.stringify(totals), ENTRIES.json(entries), JSON.stringify(chains), JSON.stringify(events)];
  const { rows } = await ex.executeQuery<{ id: string; written: boolean }>(CompiledQuery.raw(GROUP_WRITE, parameters));
  return new Map(rows.map(({ id, written }) => [id, written]));
}
