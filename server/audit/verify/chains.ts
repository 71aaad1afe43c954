import { entryHash, NO_HASH, saltedDigest } from '../../../db/audit/hash.ts';
import {
  type CheckedHead,
  type CheckedRow,
  pageOfChains,
  pageOfHeads,
  placesOf,
} from '../../../db/audit/verification-pages.ts';
import type { Executor } from '../../../db/executor.ts';
import { type Counts, entryFault } from './fault-found.ts';
import type { Pages } from './pages.ts';
import type { RecordCheck } from './records.ts';

/** Maximum entries per statement: about 5 ms with their hashes. */
const PAGE = 100;

const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;
const sameChain = (a: CheckedRow, b: CheckedRow) => a.entity_type === b.entity_type && a.entity_id === b.entity_id;

/**
 * Verifies all chains from the stored bytes, one after the other; memory does not grow with their number. Concurrent
 * appends are harmless: each page is one statement that sees each head as of then.
 * @throws FaultFound
 */
export async function checkChains(ex: Executor, records: RecordCheck, counts: Counts, pages: Pages): Promise<void> {
  let before: CheckedRow | undefined;
  /** Leaf index of the chain's last entry that has one. */
  let leaf = -1;
  for (let last: CheckedRow | undefined; ;) {
    const rows = await pages.read(PAGE, (limit) => pageOfChains(ex, last, limit));
    last = rows.at(-1);
    if (!last) break;
    const places = await placesOf(
      ex,
      rows.filter((row) => row.leaf_index === null).map((row) => row.id),
    );
    for (const row of rows) {
      if (before && !sameChain(before, row)) {
        checkEnd(before, records.offset);
        await records.endChain();
        before = undefined;
        leaf = -1;
      }
      checkEntry(row, before);
      leaf = checkPlace(row, leaf, places);
      records.entry(row);
      counts.checked += 1;
      before = row;
      await pages.row();
    }
  }
  if (before) {
    checkEnd(before, records.offset);
    await records.endChain();
  }
  await records.flush();
  await checkHeads(ex, pages);
}

/** Whether the head's last entry exists. */
async function checkHeads(ex: Executor, pages: Pages): Promise<void> {
  for (let last: CheckedHead | undefined; ;) {
    const heads = await pages.read(PAGE, (limit) => pageOfHeads(ex, last, limit));
    const bad = heads.find((head) => !head.has_entry);
    if (bad) throw entryFault('missing', { ...bad, position: bad.length });
    last = heads.at(-1);
    if (!last) return;
  }
}

/** Checks an entry against its predecessor. */
function checkEntry(row: CheckedRow, before: CheckedRow | undefined): void {
  const position = (before?.position ?? 0) + 1;
  if (row.position !== position) throw entryFault('missing', { ...row, position });
  if (!same(row.prev_hash, before?.hash ?? NO_HASH)) throw entryFault('link', row);
  if (!same(row.digest, saltedDigest('payload', row.salt, row.payload))) throw entryFault('payload', row);
  if (!row.is_exact || !isHash(row)) throw entryFault('hash', row);
}

function isHash(row: CheckedRow): boolean {
  try {
    return same(row.hash, entryHash(row));
  } catch (error) {
    // A year out of the range of Date.
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/**
 * Whether the chain's head refers to this entry as the last.
 * @param offset highest event change offset in the chain's entries
 */
function checkEnd(row: CheckedRow, offset: number): void {
  if (row.head_length === null || row.head_hash === null) throw entryFault('head', row);
  if (row.head_length > row.position) throw entryFault('missing', { ...row, position: row.position + 1 });
  if (row.head_length < row.position || !same(row.head_hash, row.hash) || row.head_offset !== offset)
    throw entryFault('head', row);
}

/**
 * The tree holds entries of a chain in order. A queued entry may have been placed by the time the next page is read: it
 * is skipped.
 * @param before last leaf of the chain so far
 * @returns the entry's leaf
 */
function checkPlace(row: CheckedRow, before: number, places: ReadonlyMap<string, number | null>): number {
  const leaf = row.leaf_index === null ? places.get(row.id) : Number(row.leaf_index);
  if (leaf === undefined) throw entryFault('leaf', row);
  if (leaf === null) return before;
  if (leaf <= before) throw entryFault('leaf', row, { leaf });
  return leaf;
}
