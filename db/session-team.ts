import type { Selectable } from 'kysely';
import type { Executor, Tx } from './executor.ts';
import type { SessionNotesTable, SessionTeamTable } from './schema/session-team.ts';

/** Staff at work on sessions, and their internal notes. */

export type TeamRow = Selectable<SessionTeamTable>;
export type NamedTeamRow = TeamRow & {
  readonly seen_name: string | null;
  readonly claimed_name: string | null;
  readonly claimed_from_name: string | null;
};
export type NoteRow = Selectable<SessionNotesTable> & { readonly by_name: string; readonly by_email: string };

/** Rows of those sessions that have one, with the names of the people in them. */
export async function listTeams(ex: Executor, sessions: readonly string[]): Promise<NamedTeamRow[]> {
  if (sessions.length === 0) return [];
  return ex
    .selectFrom('session_team')
    .leftJoin('users as seen', 'seen.id', 'session_team.seen_by')
    .leftJoin('users as claimed', 'claimed.id', 'session_team.claimed_by')
    .leftJoin('users as giver', 'giver.id', 'session_team.claimed_from')
    .selectAll('session_team')
    .select(['seen.name as seen_name', 'claimed.name as claimed_name', 'giver.name as claimed_from_name'])
    .where('session_id', 'in', sessions)
    .execute();
}

/** The row of a session, locked until the end of the transaction: acts of several people have one order. */
export async function lockTeam(tx: Tx, session: string): Promise<TeamRow> {
  await tx
    .insertInto('session_team')
    .values({ session_id: session, version: 0, notes: 0 })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return tx
    .selectFrom('session_team')
    .selectAll()
    .where('session_id', '=', session)
    .forUpdate()
    .executeTakeFirstOrThrow();
}

/** Changes a locked row. */
export async function saveTeam(
  tx: Tx,
  session: string,
  change: Partial<Omit<TeamRow, 'session_id' | 'version'>>,
): Promise<void> {
  await tx
    .updateTable('session_team')
    .set((eb) => ({ ...change, version: eb('version', '+', 1) }))
    .where('session_id', '=', session)
    .execute();
}

/** Something new happened in a session that was seen. @returns false unless the row still has this version */
export async function forgetSeen(ex: Executor, session: string, version: number): Promise<boolean> {
  const { numUpdatedRows } = await ex
    .updateTable('session_team')
    .set((eb) => ({ seen_by: null, seen_at: null, seen_attention: null, version: eb('version', '+', 1) }))
    .where('session_id', '=', session)
    .where('version', '=', version)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function insertNote(tx: Tx, note: Selectable<SessionNotesTable>): Promise<void> {
  await tx.insertInto('session_notes').values(note).execute();
}

const namedNotes = (ex: Executor) =>
  ex
    .selectFrom('session_notes')
    .innerJoin('users', 'users.id', 'session_notes.by')
    .selectAll('session_notes')
    .select(['users.name as by_name', 'users.email as by_email']);

export async function findNote(ex: Executor, id: string): Promise<NoteRow> {
  return namedNotes(ex).where('session_notes.id', '=', id).executeTakeFirstOrThrow();
}

/** Notes of a session, newest first. */
export async function listNotes(
  ex: Executor,
  session: string,
  { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<NoteRow[]> {
  let query = namedNotes(ex).where('session_id', '=', session).orderBy('session_notes.id', 'desc').limit(limit);
  if (cursor !== undefined) query = query.where('session_notes.id', '<', cursor);
  return query.execute();
}
