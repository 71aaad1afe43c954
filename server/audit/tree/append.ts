import { insertLeaves, lockTree, readTiles, saveTiles, takeQueued, treeSize } from '../../../db/audit/tree.ts';
import type { Db } from '../../../db/executor.ts';
import { appendLeaves, edgeTiles } from './tiles.ts';

/**
 * Entries of one transaction: on the embedded database others wait meanwhile, also when a server catches up with
 * 100,000 of them.
 */
export const BATCH = 250;

export interface Appended {
  readonly taken: number;
  /** Entries that somebody removed before they had a place: they get none, and `verify` names them. */
  readonly missing: readonly string[];
}

/**
 * Gives entries that wait their place in the tree: leaves, tiles and the queue change in one transaction, so that a
 * crash leaves either all or nothing of it.
 * @returns undefined while another process does it
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
