import { HASH_BYTES } from '../../../protocol/audit/merkle-proof.ts';
import { completeRoot } from './hashes.ts';

/**
 * Tiles of a Merkle tree (c2sp.org/tlog-tiles): a tile of level l holds the hashes of up to 256 adjacent complete
 * subtrees of 256^l leaves; level 0 holds the leaf hashes. Only the last tile of a level is partial, and it grows.
 */
export const TILE_HEIGHT = 8;
export const TILE_WIDTH = 2 ** TILE_HEIGHT;
const TILE_BYTES = TILE_WIDTH * HASH_BYTES;

export interface TileId {
  readonly level: number;
  readonly index: number;
}

export interface Tile extends TileId {
  /** 1 to 256 hashes of 32 bytes. */
  readonly hashes: Uint8Array;
}

/** Reads tiles by id, in any order; missing ones are omitted. A tile may be longer than the requested tree needs. */
export type ReadTiles = (tiles: readonly TileId[]) => Promise<readonly Tile[]>;

/** A tile is missing or has the wrong length. */
export class TileFault extends Error {
  override readonly name = 'TileFault';
}

export const tileKey = ({ level, index }: TileId): string => `${level}/${index}`;

/** Number of complete subtrees of 256^level leaves in a tree of `size` leaves. */
const completeAt = (level: number, size: number) => Math.floor(size / TILE_WIDTH ** level);

/**
 * Tiles extended by the next leaves: the last of each level that is not full. Level 0 has none at a multiple of 256
 * leaves.
 */
export function edgeTiles(size: number): TileId[] {
  const tiles: TileId[] = [];
  for (let level = 0; completeAt(level, size) > 0; level++) {
    const complete = completeAt(level, size);
    if (complete % TILE_WIDTH > 0) tiles.push({ level, index: Math.floor(complete / TILE_WIDTH) });
  }
  return tiles;
}

/**
 * Tiles changed by appending leaves, each with all its hashes, level by level.
 * @param size leaves so far
 * @param edge tiles of `edgeTiles(size)`
 * @param leaves concatenated hashes, 32 bytes each
 * @throws TileFault if an edge tile is missing or its length does not match `size`
 */
export function appendLeaves(size: number, edge: readonly Tile[], leaves: Uint8Array): Tile[] {
  if (leaves.length % HASH_BYTES !== 0) throw new Error('hashes of leaves have 32 bytes');
  const known = new Map(edge.map((tile) => [tileKey(tile), tile.hashes]));
  const changed: Tile[] = [];
  let added = leaves;
  for (let level = 0; added.length > 0; level++) {
    const tiles = extend(level, completeAt(level, size), known, added);
    changed.push(...tiles);
    added = Buffer.concat(
      tiles.filter(({ hashes }) => hashes.length === TILE_BYTES).map(({ hashes }) => completeRoot(hashes)),
    );
  }
  return changed;
}

/** Appends hashes after the `complete` ones of a level. */
function extend(level: number, complete: number, known: ReadonlyMap<string, Uint8Array>, added: Uint8Array): Tile[] {
  const tiles: Tile[] = [];
  let before = complete % TILE_WIDTH;
  let index = Math.floor(complete / TILE_WIDTH);
  for (let from = 0; from < added.length; index++, before = 0) {
    const kept = before === 0 ? new Uint8Array(0) : known.get(tileKey({ level, index }));
    if (kept?.length !== before * HASH_BYTES)
      throw new TileFault(`tile ${level}/${index} has to have ${before} hashes`);
    const to = Math.min(added.length, from + TILE_BYTES - kept.length);
    tiles.push({ level, index, hashes: Buffer.concat([kept, added.subarray(from, to)]) });
    from = to;
  }
  return tiles;
}
