import { type Selectable, sql } from 'kysely';
import type { Executor } from './executor.ts';
import type { NodesTable } from './schema/nodes.ts';

export type NodeRow = Selectable<NodesTable>;

/** A node that is silent for longer no longer owns its sessions, s: whoever asks next takes them over. */
export const LEASE_S = 10;
/** Silent nodes are forgotten after this long, s. */
const FORGET_S = 3600;

/** By the clock of the database, as every lease: clocks of machines differ. */
const leaseEnd = sql<Date>`clock_timestamp() - make_interval(secs => ${sql.lit(LEASE_S)})`;

/** Whether a node may have a session: it owns it, nobody does, or the lease of its owner is over. */
export const isFreeFor = (node: string) => sql<boolean>`(sessions.owner_node = ${node}::uuid OR NOT EXISTS (
  SELECT FROM nodes WHERE nodes.id = sessions.owner_node AND nodes.heartbeat_at > ${leaseEnd}))`;

/** Extends the lease of a node, which is new or was forgotten, too. */
export async function beat(ex: Executor, { id, name }: Pick<NodeRow, 'id' | 'name'>): Promise<void> {
  await sql`INSERT INTO nodes (id, name, started_at, heartbeat_at)
    VALUES (${id}::uuid, ${name}, clock_timestamp(), clock_timestamp())
    ON CONFLICT (id) DO UPDATE SET heartbeat_at = clock_timestamp()`.execute(ex);
}

/** Ends the lease of a node at once. */
export async function forgetNode(ex: Executor, id: string): Promise<void> {
  await ex.deleteFrom('nodes').where('id', '=', id).execute();
}

/** For a process that is known to be the only one: leases of dead ones end at once. */
export async function forgetAllNodes(ex: Executor): Promise<void> {
  await ex.deleteFrom('nodes').execute();
}

export async function forgetSilentNodes(ex: Executor): Promise<void> {
  await sql`DELETE FROM nodes WHERE heartbeat_at < clock_timestamp() - make_interval(secs => ${sql.lit(FORGET_S)})`.execute(
    ex,
  );
}

/** Nodes whose lease runs. */
export async function listNodes(ex: Executor): Promise<NodeRow[]> {
  return ex.selectFrom('nodes').selectAll().where('heartbeat_at', '>', leaseEnd).orderBy('started_at').execute();
}
