import fc from 'fast-check';
import { expect, test } from 'vitest';
import { completeRoot, leafHash } from './hashes.ts';
import { appendLeaves, edgeTiles, type Tile, tileKey } from './tiles.ts';

const hashes = (count: number) =>
  Buffer.concat(Array.from({ length: count }, (_, i) => leafHash(Buffer.from(String(i)))));
const shape = (tiles: readonly Tile[]) =>
  tiles.map(({ level, index, hashes: bytes }) => [level, index, bytes.length / 32]);

test('70,000 leaves make the tiles of the example in c2sp.org/tlog-tiles', () => {
  const tiles = appendLeaves(0, [], hashes(70_000));
  expect(tiles.filter(({ level, hashes: { length } }) => level === 0 && length === 8192)).toHaveLength(273);
  expect(shape(tiles).slice(273)).toEqual([
    [0, 273, 112],
    [1, 0, 256],
    [1, 1, 17],
    [2, 0, 1],
  ]);
  expect(edgeTiles(70_000)).toEqual([
    { level: 0, index: 273 },
    { level: 1, index: 1 },
    { level: 2, index: 0 },
  ]);
});

test('256 leaves make one full tile and the first hash of the level above', () => {
  const tiles = appendLeaves(0, [], hashes(256));
  expect(shape(tiles)).toEqual([
    [0, 0, 256],
    [1, 0, 1],
  ]);
  expect(tiles[1]!.hashes).toEqual(completeRoot(hashes(256)));
  expect(edgeTiles(256)).toEqual([{ level: 1, index: 0 }]);
  expect(edgeTiles(0)).toEqual([]);
});

test('tiles do not depend on how leaves are batched', () => {
  const all = hashes(2000);
  const whole = new Map(
    appendLeaves(0, [], all).map((tile) => [tileKey(tile), Buffer.from(tile.hashes).toString('hex')]),
  );
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 4, maxLength: 40 }), (batches) => {
      const tiles = new Map<string, Tile>();
      let size = 0;
      for (const batch of [...batches, 2000]) {
        const to = Math.min(2000, size + batch);
        const edge = edgeTiles(size).map((id) => tiles.get(tileKey(id))!);
        for (const tile of appendLeaves(size, edge, all.subarray(size * 32, to * 32))) {
          const before = tiles.get(tileKey(tile));
          // Existing hashes of a tile are kept.
          if (before) expect(Buffer.compare(tile.hashes.subarray(0, before.hashes.length), before.hashes)).toBe(0);
          tiles.set(tileKey(tile), tile);
        }
        size = to;
      }
      expect(new Map([...tiles].map(([key, tile]) => [key, Buffer.from(tile.hashes).toString('hex')]))).toEqual(whole);
    }),
    { numRuns: 50 },
  );
});

test('edge tiles of another tree size are refused', () => {
  expect(() => appendLeaves(3, [], hashes(1))).toThrow('tile 0/0 has to have 3 hashes');
  expect(() => appendLeaves(3, [{ level: 0, index: 0, hashes: hashes(4) }], hashes(1))).toThrow(
    'tile 0/0 has to have 3 hashes',
  );
  expect(() => appendLeaves(0, [], new Uint8Array(33))).toThrow('32 bytes');
});
