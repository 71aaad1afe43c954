import { HASH_BYTES } from '../../../protocol/audit/merkle-proof.ts';
import { completeRoot, EMPTY_ROOT, nodeHash } from './hashes.ts';
import { type ReadTiles, TILE_HEIGHT, TILE_WIDTH, TileFault, type TileId, tileKey } from './tiles.ts';

/** Leaves in [from, to). */
export interface LeafRange {
  readonly from: number;
  readonly to: number;
}

/** Source of a complete subtree's hash: adjacent hashes of one tile. */
interface Piece {
  readonly tile: TileId;
  /** Index of the first one in the tile. */
  readonly first: number;
  /** A power of two, 1 to 128. */
  readonly count: number;
}

/** Largest power of two smaller than n, n > 1: where RFC 6962 splits a tree. */
export function splitOf(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

/** Complete subtrees of a range, left to right, of decreasing size. @param range starts where RFC 6962 splits a tree */
function piecesOf({ from, to }: LeafRange): Piece[] {
  const pieces: Piece[] = [];
  for (let start = from; start < to;) {
    let height = Math.floor(Math.log2(to - start));
    while (2 ** height > to - start) height -= 1;
    const level = Math.floor(height / TILE_HEIGHT);
    const at = start / TILE_WIDTH ** level;
    const index = Math.floor(at / TILE_WIDTH);
    pieces.push({ tile: { level, index }, first: at - index * TILE_WIDTH, count: 2 ** (height - level * TILE_HEIGHT) });
    start += 2 ** height;
  }
  return pieces;
}

/**
 * MTH of RFC 6962 for each range, with one call of `read`.
 * @param ranges as in RFC 6962's proofs
 * @throws TileFault if a tile is missing or too short
 */
export async function hashRanges(ranges: readonly LeafRange[], read: ReadTiles): Promise<Uint8Array[]> {
  const pieces = ranges.map(piecesOf);
  const wanted = new Map(pieces.flat().map(({ tile }) => [tileKey(tile), tile]));
  const tiles = new Map(
    wanted.size === 0 ? [] : (await read([...wanted.values()])).map((tile) => [tileKey(tile), tile.hashes]),
  );
  return pieces.map(
    (parts) =>
      parts
        .map((piece) => hashPiece(piece, tiles))
        .reduceRight<Uint8Array | undefined>((right, left) => (right ? nodeHash(left, right) : left), undefined) ??
      EMPTY_ROOT,
  );
}

function hashPiece({ tile, first, count }: Piece, tiles: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const hashes = tiles.get(tileKey(tile))?.subarray(first * HASH_BYTES, (first + count) * HASH_BYTES);
  if (hashes?.length !== count * HASH_BYTES)
    throw new TileFault(`tile ${tileKey(tile)} does not hold hashes ${first} to ${first + count - 1}`);
  return completeRoot(hashes);
}
