import { hash } from 'node:crypto';
import { type ChainHead, ChainHeads } from './chain-heads.ts';
import { type EntryFields, EntryScan, lengthAt } from './entry-fields.ts';
import { entryFault } from './fault-found.ts';
import { ENTRY_AT, HASH_AT, LENGTH_BYTES, malformedRecord, OFFSET_BYTES, PART } from './format.ts';
import { isHashAt, isZeroAt } from './hash-string.ts';

const LEAF = 0x00;

/** Reads a record by its offset. @throws MalformedExport */
export type ReadRecord = (offset: number) => Buffer;

/** Checks entries against their leaf hash and chain. For millions of them: no Buffer is allocated for hashing. */
export class EntryCheck {
  readonly #scan = new EntryScan();
  readonly #heads: ChainHeads;
  readonly #readRecord: ReadRecord;

  constructor(readRecord: ReadRecord, rememberedChains?: number) {
    this.#readRecord = readRecord;
    this.#heads = new ChainHeads(rememberedChains);
  }

  /**
   * @param from start of the record, after its length; `to`: its end
   * @param offset of the record in the file
   * @param leaf null: queued, no leaf yet
   * @throws FaultFound, MalformedExport
   */
  check(bytes: Uint8Array, from: number, to: number, offset: number, leaf: number | null): void {
    if ((bytes[from]! & PART.entry) === 0) throw entryFault('missing', leaf);
    const entryFrom = from + ENTRY_AT + LENGTH_BYTES;
    if (entryFrom > to) throw malformedRecord(offset);
    const entryTo = entryFrom + lengthAt(bytes, from + ENTRY_AT);
    if (entryTo > to) throw malformedRecord(offset);
    const scan = this.#scan;
    if (!scan.scan(bytes, entryFrom, entryTo)) throw entryFault('encoding', leaf);
    const entry = leafOf(bytes, entryFrom, entryTo);
    if (!isHashAt(bytes, from + HASH_AT, entry)) throw entryFault('hash', leaf, scan.fields(bytes));
    const { position, prevHashAt } = scan;
    const chain = chainName(bytes, scan.chainFrom, scan.chainTo);
    const known = this.#heads.get(chain);
    const before =
      known ??
      (position === 1
        ? undefined
        : this.#before(
            chain,
            Buffer.from(bytes.buffer, bytes.byteOffset + from + 1).readUIntBE(0, OFFSET_BYTES),
            offset,
          ));
    if (position !== (before?.position ?? 0) + 1) throw entryFault('position', leaf, scan.fields(bytes));
    if (!(before ? isHashAt(bytes, prevHashAt, before.hash) : isZeroAt(bytes, prevHashAt)))
      throw entryFault('link', leaf, scan.fields(bytes));
    if (known) {
      known.position = position;
      known.hash = entry;
    } else {
      this.#heads.set(chain, { position, hash: entry });
    }
  }

  /** Fields of the last checked entry. */
  entity(bytes: Uint8Array): EntryFields {
    return this.#scan.fields(bytes);
  }

  /**
   * Looks up the previous entry of a chain that is not cached, at the offset given by the file. The offset need not be
   * trusted: the entry must hash to the previous hash.
   */
  #before(chain: string, at: number, offset: number): ChainHead | undefined {
    if (at === 0 || at >= offset) return undefined;
    const record = this.#readRecord(at);
    const scan = new EntryScan();
    const entryFrom = ENTRY_AT + LENGTH_BYTES;
    if ((record[0]! & PART.entry) === 0 || record.length < entryFrom) return undefined;
    const entryTo = entryFrom + lengthAt(record, ENTRY_AT);
    if (
      entryTo > record.length ||
      !scan.scan(record, entryFrom, entryTo) ||
      chainName(record, scan.chainFrom, scan.chainTo) !== chain
    )
      return undefined;
    return { position: scan.position, hash: leafOf(record, entryFrom, entryTo) };
  }
}

/** SHA-256(0x00 || entry), temporarily writing 0x00 to the byte before the entry. */
function leafOf(bytes: Uint8Array, from: number, to: number): string {
  const before = bytes[from - 1]!;
  bytes[from - 1] = LEAF;
  const leaf = hash('sha256', new Uint8Array(bytes.buffer, bytes.byteOffset + from - 1, to - from + 1), 'binary');
  bytes[from - 1] = before;
  return leaf;
}

const chainName = (bytes: Uint8Array, from: number, to: number): string =>
  Buffer.prototype.latin1Slice.call(bytes, from, to);
