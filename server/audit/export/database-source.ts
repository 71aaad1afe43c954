import type { AuditEntryRow } from '../../../db/audit/append.ts';
import {
  type EntryPlace,
  findHead,
  lastPlaced,
  listLeaves,
  listPlaced,
  listUnplaced,
} from '../../../db/audit/leaves.ts';
import { encodeEntry } from '../../../db/audit/hash.ts';
import { listCheckpoints, newestCheckpoint, readTiles, treeSize } from '../../../db/audit/tree.ts';
import type { Executor } from '../../../db/executor.ts';
import { loopTurn } from '../../../db/loop-turn.ts';
import { HASH_BYTES } from '../../../protocol/audit/merkle-proof.ts';
import { inclusionProof } from '../tree/proofs.ts';
import { type Tile, type TileId, tileKey, TILE_WIDTH } from '../tree/tiles.ts';
import type { ExportedEntry, ExportSource } from './source.ts';

/** Leaves per read: four tiles. */
const PAGE = 4 * TILE_WIDTH;
/** Entries of a session per page, with their proofs. */
const PLACED_AT_ONCE = 200;
/**
 * Cached tiles while a session's proofs are built, 8 KiB each: its entries are close together, and the upper tiles are
 * part of every proof.
 */
const KEPT_TILES = 256;
const NO_HASH = new Uint8Array(HASH_BYTES);

export interface ExportedAs {
  /** Verifier key of checkpoints; null: unknown here. */
  readonly key: string | null;
  /** Earlier verifier keys. */
  readonly formerKeys?: readonly string[];
  readonly at: Date;
}

/** There is nothing to export. */
export class NothingToExport extends Error {
  override readonly name = 'NothingToExport';
  readonly code = 'nothing_to_export';
  /** `unknown`: the log has no entry of this session. `waits`: no checkpoint covers one yet. */
  readonly reason: 'unknown' | 'waits';

  constructor(reason: 'unknown' | 'waits', message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Origin of the log: from a checkpoint, else from its key. */
const originOf = (note: string | undefined, key: string | null) =>
  note?.split('\n')[0] || key?.split('+')[0] || 'unsigned';

const payloadOf = ({ salt, payload }: AuditEntryRow) => ({ salt, bytes: payload });

/** Source of the whole log. @param ex `snapshot` of db/audit/leaves.ts, so that all reads see one state */
export async function databaseSource(ex: Executor, { key, formerKeys = [], at }: ExportedAs): Promise<ExportSource> {
  const [size, newest] = [await treeSize(ex), await newestCheckpoint(ex)];
  return {
    header: {
      origin: originOf(newest?.note, key),
      key,
      formerKeys: [...formerKeys],
      size,
      kind: 'full',
      exportedAt: at.toISOString(),
    },
    entries: () => allEntries(ex, size),
    checkpoints: () => allNotes(ex),
  };
}

async function* allEntries(ex: Executor, size: number): AsyncGenerator<readonly ExportedEntry[], void, undefined> {
  for (let from = 0; from < size; from += PAGE) {
    const to = Math.min(size, from + PAGE);
    const tiles = await leafTiles(ex, from, to);
    yield (await listLeaves(ex, from, to)).map(({ index, entry }) => ({
      index,
      hash: hashIn(tiles, index),
      entry: entry && encodeEntry(entry),
      payload: entry && payloadOf(entry),
    }));
  }
  let after: EntryPlace | undefined;
  for (;;) {
    const rows = await listUnplaced(ex, after, PAGE);
    if (rows.length > 0)
      yield rows.map((row) => ({ index: null, hash: row.hash, entry: encodeEntry(row), payload: payloadOf(row) }));
    if (rows.length < PAGE) return;
    after = rows.at(-1);
  }
}

async function leafTiles(ex: Executor, from: number, to: number): Promise<ReadonlyMap<number, Uint8Array>> {
  const ids: TileId[] = [];
  for (let index = Math.floor(from / TILE_WIDTH); index * TILE_WIDTH < to; index++) ids.push({ level: 0, index });
  return new Map((await readTiles(ex, ids)).map(({ index, hashes }) => [index, hashes]));
}

/** Leaf hash from the tree; zeros if it was removed. */
function hashIn(tiles: ReadonlyMap<number, Uint8Array>, index: number): Uint8Array {
  const at = (index % TILE_WIDTH) * HASH_BYTES;
  const hash = tiles.get(Math.floor(index / TILE_WIDTH))?.subarray(at, at + HASH_BYTES);
  return hash?.length === HASH_BYTES ? hash : NO_HASH;
}

/** Includes checkpoints of a longer log: truncation is for the verifier to detect. */
async function* allNotes(ex: Executor): AsyncGenerator<string, void, undefined> {
  for (let after = -1; ;) {
    const page = await listCheckpoints(ex, { after, limit: PAGE });
    for (const { note } of page) yield note;
    if (page.length < PAGE) return;
    after = page.at(-1)!.size;
  }
}

export interface SessionSource extends ExportSource {
  /** Number of the session's entries not covered by the newest checkpoint; they are not exported. */
  readonly waiting: number;
}

/** Source of a session's entries under the newest checkpoint, each with its proof. @throws NothingToExport */
export async function sessionSource(
  ex: Executor,
  session: string,
  { key, formerKeys = [], at }: ExportedAs,
): Promise<SessionSource> {
  const chain = { entityType: 'session', entityId: session } as const;
  const head = await findHead(ex, chain);
  if (!head || head.length === 0) throw new NothingToExport('unknown', `the log has no entry of a session ${session}`);
  const newest = await newestCheckpoint(ex);
  // The tree holds entries of a chain in order.
  const covered = newest ? ((await lastPlaced(ex, chain, newest.size))?.entry.position ?? 0) : 0;
  if (!newest || covered === 0)
    throw new NothingToExport(
      'waits',
      'no checkpoint covers an entry of the session yet; one follows within seconds while a server runs',
    );
  return {
    header: {
      origin: originOf(newest.note, key),
      key,
      formerKeys: [...formerKeys],
      size: newest.size,
      kind: 'session',
      session,
      exportedAt: at.toISOString(),
    },
    entries: () => sessionEntries(ex, chain, newest.size),
    checkpoints: () => one(newest.note),
    waiting: Math.max(0, head.length - covered),
  };
}

async function* sessionEntries(
  ex: Executor,
  chain: Parameters<typeof listPlaced>[1],
  size: number,
): AsyncGenerator<readonly ExportedEntry[], void, undefined> {
  const tiles = new Map<string, Tile>();
  const read = async (ids: readonly TileId[]) => {
    const missing = ids.filter((id) => !tiles.has(tileKey(id)));
    if (tiles.size + missing.length > KEPT_TILES) tiles.clear();
    for (const tile of await readTiles(
      ex,
      ids.filter((id) => !tiles.has(tileKey(id))),
    ))
      tiles.set(tileKey(tile), tile);
    return ids.flatMap((id) => tiles.get(tileKey(id)) ?? []);
  };
  for (let after = 0; ;) {
    const rows = await listPlaced(ex, chain, { size, after, limit: PLACED_AT_ONCE });
    if (rows.length === 0) return;
    const entries: ExportedEntry[] = [];
    for (const { index, entry } of rows) {
      const [leaves] = await read([{ level: 0, index: Math.floor(index / TILE_WIDTH) }]);
      const hash = hashIn(new Map(leaves ? [[leaves.index, leaves.hashes]] : []), index);
      entries.push({
        index,
        hash,
        entry: encodeEntry(entry),
        payload: payloadOf(entry),
        proof: await inclusionProof(index, size, read),
      });
      await loopTurn.hasTime();
    }
    yield entries;
    after = rows.at(-1)!.entry.position;
  }
}

async function* one(note: string): AsyncGenerator<string, void, undefined> {
  yield note;
}
