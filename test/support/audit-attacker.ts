import { sql, type Transaction } from 'kysely';
import { entryHash, NO_HASH, saltedDigest } from '../../db/audit/hash.ts';
import type { AuditEntryRow } from '../../db/audit/append.ts';
import { insertCheckpoint, listCheckpoints, saveTiles } from '../../db/audit/tree.ts';
import type { Db, Executor } from '../../db/executor.ts';
import type { LoggedEvent } from '../../db/stored-events.ts';
import type { Schema } from '../../db/schema/database.ts';
import { parseCheckpoint } from '../../protocol/audit/checkpoint.ts';
import { parseNote } from '../../protocol/audit/signed-note.ts';
import type { Signer } from '../../server/audit/checkpoints/signer.ts';
import { appendLeaves } from '../../server/audit/tree/tiles.ts';
import { rootAt } from '../../server/audit/tree/proofs.ts';

/** Attacker who owns the database, knows the format of the log and has time to rebuild it, but lacks the key. */
export class Attacker {
  readonly #tx: Transaction<Schema>;

  constructor(tx: Transaction<Schema>) {
    this.#tx = tx;
  }

  /** Disables the triggers for good. */
  static async disarm(db: Db): Promise<void> {
    for (const table of ['entries', 'heads', 'leaves', 'tiles', 'checkpoints'])
      await sql`ALTER TABLE ${sql.table(`audit_${table}`)} DISABLE TRIGGER USER`.execute(db);
  }

  chain(of: Pick<AuditEntryRow, 'entity_type' | 'entity_id'>): Promise<AuditEntryRow[]> {
    return this.#tx
      .selectFrom('audit_entries')
      .selectAll()
      .where('entity_type', '=', of.entity_type)
      .where('entity_id', '=', of.entity_id)
      .orderBy('position')
      .execute();
  }

  /** Writes a consistent chain with these entries: numbers, links, digests, hashes and head. */
  async restamp(
    of: Pick<AuditEntryRow, 'entity_type' | 'entity_id'>,
    entries: readonly AuditEntryRow[],
  ): Promise<void> {
    let before: Uint8Array = NO_HASH;
    const rows = entries.map((entry, i) => {
      const row = {
        ...entry,
        position: i + 1,
        prev_hash: before,
        digest: saltedDigest('payload', entry.salt, entry.payload),
      };
      before = entryHash(row);
      return { ...row, hash: before };
    });
    await this.#tx
      .deleteFrom('audit_entries')
      .where('entity_type', '=', of.entity_type)
      .where('entity_id', '=', of.entity_id)
      .execute();
    if (rows.length > 0) await this.#tx.insertInto('audit_entries').values(rows).execute();
    await this.#endAt(of, rows.length, before, Math.max(0, ...rows.flatMap((row) => offsetsOf(row))));
  }

  async #endAt(
    of: Pick<AuditEntryRow, 'entity_type' | 'entity_id'>,
    length: number,
    hash: Uint8Array,
    event_offset: number,
  ): Promise<void> {
    const { entity_type, entity_id } = of;
    if (length === 0)
      await this.#tx
        .deleteFrom('audit_heads')
        .where('entity_type', '=', entity_type)
        .where('entity_id', '=', entity_id)
        .execute();
    else
      await this.#tx
        .updateTable('audit_heads')
        .set({ length, hash, event_offset })
        .where('entity_type', '=', entity_type)
        .where('entity_id', '=', entity_id)
        .execute();
  }

  leaves(): Promise<string[]> {
    return this.#tx
      .selectFrom('audit_leaves')
      .select('entry_id')
      .orderBy('leaf_index')
      .execute()
      .then((rows) => rows.map((row) => row.entry_id));
  }

  /** Builds the tree of these entries with its tiles; checkpoints are signed by `signer`, or removed without one. */
  async regrow(leaves: readonly string[], signer: Signer | undefined): Promise<void> {
    const sizes = (await listCheckpoints(this.#tx, { after: 0, limit: 1000 })).map(
      ({ note }) => parseCheckpoint(parseNote(note).text).size,
    );
    for (const table of ['audit_leaves', 'audit_tiles', 'audit_checkpoints'] as const)
      await this.#tx.deleteFrom(table).execute();
    await this.#tx
      .insertInto('audit_leaves')
      .values(leaves.map((entry_id, leaf_index) => ({ leaf_index, entry_id })))
      .execute();
    const hashes = new Map(
      (await this.#tx.selectFrom('audit_entries').select(['id', 'hash']).execute()).map((row) => [row.id, row.hash]),
    );
    const tiles = appendLeaves(0, [], Buffer.concat(leaves.map((id) => hashes.get(id)!)));
    await saveTiles(this.#tx, tiles);
    if (!signer) return;
    for (const size of new Set([...sizes.filter((signed) => signed < leaves.length), leaves.length])) {
      const note = await signer.note({ size, root: await rootAt(size, async () => tiles) });
      await insertCheckpoint(this.#tx, { size, note, signedAt: new Date() });
    }
  }

  /** Cuts `count` leaves off the end of the log and every trace of them in the database; the queue is empty. */
  async cutTail(count: number, signer: Signer | undefined): Promise<void> {
    const leaves = await this.leaves();
    const gone = new Set(leaves.slice(-count));
    const rows = await this.#tx.selectFrom('audit_entries').selectAll().execute();
    const ends = new Map(
      rows.filter((row) => gone.has(row.id)).map((row) => [`${row.entity_type} ${row.entity_id}`, row]),
    );
    await this.#tx
      .deleteFrom('audit_entries')
      .where('id', 'in', [...gone])
      .execute();
    for (const of of ends.values()) {
      const left = await this.chain(of);
      const offset = Math.max(0, ...left.flatMap((row) => offsetsOf(row)));
      await this.#endAt(of, left.length, left.at(-1)?.hash ?? NO_HASH, offset);
      if (of.entity_type !== 'session') continue;
      await this.#tx
        .deleteFrom('events')
        .where('session_id', '=', of.entity_id)
        .where('change_offset', '>', offset)
        .execute();
      if (left.length === 0) await this.#tx.deleteFrom('sessions').where('id', '=', of.entity_id).execute();
    }
    await this.regrow(leaves.slice(0, -count), signer);
  }
}

const offsetsOf = (row: AuditEntryRow): number[] =>
  row.event_type === 'EVENTS_STORED'
    ? (JSON.parse(Buffer.from(row.payload).toString('utf8')) as { events: LoggedEvent[] }).events.map(
        ({ offset }) => offset,
      )
    : [];

class Undo extends Error {}

/** Applies a change to the log, observes the result and undoes the change. */
export async function undone<T>(
  db: Db,
  change: (tx: Transaction<Schema>) => Promise<unknown>,
  look: (ex: Executor) => Promise<T>,
): Promise<T> {
  let seen: { readonly value: T } | undefined;
  try {
    await db.transaction().execute(async (tx) => {
      await change(tx);
      seen = { value: await look(tx) };
      throw new Undo();
    });
  } catch (error) {
    if (!(error instanceof Undo)) throw error;
  }
  return seen!.value;
}
