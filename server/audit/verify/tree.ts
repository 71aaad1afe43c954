import {
  type CheckedLeaf,
  type ChainPlace,
  hasStrayLeaf,
  rangeOfLeaves,
  treeExtent,
} from '../../../db/audit/verification-pages.ts';
import { readTiles } from '../../../db/audit/tree.ts';
import type { Executor } from '../../../db/executor.ts';
import { HASH_BYTES } from '../../../protocol/audit/merkle-proof.ts';
import { RunningTree } from '../tree/running-tree.ts';
import { appendLeaves, edgeTiles, TILE_WIDTH, type Tile, tileKey } from '../tree/tiles.ts';
import type { CheckpointWalk } from './checkpoints.ts';
import { checkpointFault, type Counts, entryFault, FaultFound } from './fault-found.ts';
import type { Pages } from './pages.ts';

/** Leaves per statement: one tile of level 0. */
const PAGE = TILE_WIDTH;

/**
 * One pass over the leaves in tree order: each has its entry, tiles match the leaves, and so do the signed roots.
 * @param walks checkpoints present before the tree size is read here
 * @throws FaultFound
 */
export async function checkTree(
  ex: Executor,
  walks: readonly CheckpointWalk[],
  counts: Counts,
  pages: Pages,
): Promise<void> {
  const { size, levels } = await treeExtent(ex);
  checkExtent(size, levels);
  const tree = new RunningTree();
  let edge: readonly Tile[] = [];
  for (let from = 0; from < size; from += PAGE) {
    const to = Math.min(size, from + PAGE);
    const leaves = await pages.read(PAGE, () => rangeOfLeaves(ex, from, to));
    const hashes = hashesOf(leaves, from, to);
    const changed = appendLeaves(from, edge, Buffer.concat(hashes));
    await compareTiles(ex, changed, leaves, from);
    const known = new Map([...edge, ...changed].map((tile) => [tileKey(tile), tile]));
    edge = edgeTiles(to).map((id) => known.get(tileKey(id))!);
    for (const hash of hashes) {
      tree.push(hash);
      for (const walk of walks) if (walk.next?.size === tree.size) await walk.compare(tree.root(), pages);
      counts.leaves += 1;
      await pages.row();
    }
  }
  for (const walk of walks) if (walk.next) throw checkpointFault(walk.kept, walk.next.size, 'beyond');
  if (await hasStrayLeaf(ex)) throw new FaultFound({ reason: 'leaf', leaf: -1 });
}

/** Checks that tiles hold as many hashes as the tree has complete subtrees. */
function checkExtent(size: number, levels: readonly number[]): void {
  let complete = size;
  for (let level = 0; complete > 0 || level < levels.length; level++, complete = Math.floor(complete / TILE_WIDTH)) {
    if ((levels[level] ?? 0) !== complete)
      throw new FaultFound({ reason: 'tree', leaf: Math.min(levels[level] ?? 0, complete) * TILE_WIDTH ** level });
  }
}

function hashesOf(leaves: readonly CheckedLeaf[], from: number, to: number): Uint8Array[] {
  return Array.from({ length: to - from }, (_, i) => {
    const leaf = leaves[i];
    if (!leaf?.hash || Number(leaf.leaf_index) !== from + i) throw new FaultFound({ reason: 'leaf', leaf: from + i });
    return leaf.hash;
  });
}

/** A stored tile may have grown meanwhile. */
async function compareTiles(
  ex: Executor,
  computed: readonly Tile[],
  leaves: readonly CheckedLeaf[],
  from: number,
): Promise<void> {
  const stored = new Map(
    (
      await readTiles(
        ex,
        computed.map(({ level, index }) => ({ level, index })),
      )
    ).map((tile) => [tileKey(tile), tile.hashes]),
  );
  for (const tile of computed) {
    const hashes = stored.get(tileKey(tile)) ?? new Uint8Array(0);
    const at = firstDifference(tile.hashes, hashes);
    if (at === undefined) continue;
    const leaf = (tile.index * TILE_WIDTH + at) * TILE_WIDTH ** tile.level;
    const entry = tile.level === 0 ? leaves[leaf - from] : undefined;
    throw entry ? entryFault('tree', entry as ChainPlace, { leaf }) : new FaultFound({ reason: 'tree', leaf });
  }
}

/** Index of the first differing hash. */
function firstDifference(hashes: Uint8Array, other: Uint8Array): number | undefined {
  for (let i = 0; i < hashes.length; i++) if (hashes[i] !== other[i]) return Math.floor(i / HASH_BYTES);
  return undefined;
}
