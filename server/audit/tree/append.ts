import { insertLeaves, lockTree, readTiles, saveTiles, takeQueued, treeSize } from '../../../db/audit/tree.ts';
import type { Db } from '../../../db/executor.ts';
import { appendLeaves, edgeTiles } from './tiles.ts';

/** Entries per transaction: it blocks the embedded database, also while a server catches up on 100,000 of them. */
export const BATCH = 250;

export interface Appended {
  readonly taken: number;
  /** Entries removed while queued: they get no leaf, and `verify` reports them. */
  readonly missing: readonly string[];
}

/**
 * Appends queued entries to the tree: leaves, tiles and queue change in one transaction, so a crash leaves all or
 * nothing.
 * @returns undefined while another process is the writer
 */
export async function appendQueued(db: Db): Promise<Appended | undefined> {
  return db.transaction().execute(async (tx) => {
    if (!(await lockTree(tx))) return undefined;
    const queued = await takeQueued(tx, BATCH);
    const leaves = queued.flatMap(({ entry_id, hash }) => (hash ? [{ id: entry_id, hash }] : []));
    if (leaves.length > 0) {
      const size = await treeSize(tx);
      const edge = await readTiles(tx, edgeTiles(size));
      await saveTiles(tx, appendLeaves(size, edge, Buffer.concat(leaves.map(({ hash }) => hash))));
      await insertLeaves(
        tx,
        size,
        leaves.map(({ id }) => id),
      );
    }
    return { taken: queued.length, missing: queued.flatMap(({ entry_id, hash }) => (hash ? [] : [entry_id])) };
  });
}
