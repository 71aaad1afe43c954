import { type FileHandle, open, rm } from 'node:fs/promises';
import { HASH_BYTES } from '../../../protocol/audit/merkle-proof.ts';
import { EntryScan } from './entry-fields.ts';
import { END, ENTRY_AT, ExportHeader, LENGTH_BYTES, MAGIC, MAX_RECORD_BYTES, OFFSET_BYTES, PART } from './format.ts';
import type { ExportedEntry, ExportSource } from './source.ts';

/** Write block size, bytes. */
const BLOCK_BYTES = 2 ** 20;

export interface Written {
  readonly records: number;
  readonly checkpoints: number;
  readonly bytes: number;
}

/**
 * Writes an export; see format.ts. Memory grows with the number of chains (about 100 bytes each), not with the log.
 * @param path of a new file
 * @throws Error with code `EEXIST` if it exists, or the error of the source; no file is left in that case
 */
export async function writeExport(
  path: string,
  source: ExportSource,
  onProgress?: (records: number) => void,
): Promise<Written> {
  const handle = await open(path, 'wx', 0o600);
  try {
    const out = new BlockWriter(handle);
    out.text(`${MAGIC}${JSON.stringify(ExportHeader.parse(source.header))}\n`);
    const records = await writeRecords(out, source, onProgress);
    out.room(LENGTH_BYTES).fill(0);
    const notesAt = out.offset;
    let checkpoints = 0;
    for await (const note of source.checkpoints()) {
      out.text(note);
      checkpoints += 1;
      await out.flush(BLOCK_BYTES);
    }
    out.room(OFFSET_BYTES).writeUIntBE(notesAt, 0, OFFSET_BYTES);
    out.text(END);
    await out.flush(0);
    await handle.sync();
    await handle.close();
    return { records, checkpoints, bytes: out.offset };
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(path, { force: true });
    throw error;
  }
}

async function writeRecords(
  out: BlockWriter,
  source: ExportSource,
  onProgress?: (records: number) => void,
): Promise<number> {
  const chains = new Map<string, number>();
  const scan = new EntryScan();
  const { kind, size } = source.header;
  let records = 0;
  let next = 0;
  const write = (entry: ExportedEntry) => {
    writeRecord(out, entry, chains, scan);
    records += 1;
  };
  // A missing leaf is written as a record without an entry.
  const fill = (upTo: number) => {
    if (kind === 'session') return;
    for (; next < upTo; next++)
      write({ index: next, hash: new Uint8Array(HASH_BYTES), entry: undefined, payload: undefined });
  };
  for await (const entries of source.entries()) {
    for (const entry of entries) {
      fill(entry.index ?? size);
      write(entry);
      if (entry.index !== null) {
        if (entry.index < next) throw new RangeError(`leaf ${entry.index} follows leaf ${next - 1}`);
        next = entry.index + 1;
      }
      await out.flush(BLOCK_BYTES);
    }
    onProgress?.(records);
  }
  fill(size);
  return records;
}

function writeRecord(
  out: BlockWriter,
  { index, hash, entry, payload, proof }: ExportedEntry,
  chains: Map<string, number>,
  scan: EntryScan,
): void {
  const parts =
    (entry ? PART.entry : 0) |
    (payload ? PART.payload : 0) |
    (proof ? PART.proof : 0) |
    (index === null ? PART.pending : 0);
  const length =
    ENTRY_AT +
    (entry ? LENGTH_BYTES + entry.length : 0) +
    (payload ? 2 * LENGTH_BYTES + payload.salt.length + payload.bytes.length : 0) +
    (proof ? OFFSET_BYTES + 1 + HASH_BYTES * proof.length : 0);
  if (length > MAX_RECORD_BYTES) throw new RangeError(`an entry of ${length} bytes exceeds the maximum of an export`);
  const offset = out.offset;
  const into = out.room(LENGTH_BYTES + length);
  let at = into.writeUInt32BE(length, 0);
  at = into.writeUInt8(parts, at);
  at = into.writeUIntBE(entry ? before(entry, offset, chains, scan) : 0, at, OFFSET_BYTES);
  const put = (bytes: Uint8Array) => {
    into.set(bytes, at);
    at += bytes.length;
  };
  const putField = (bytes: Uint8Array) => {
    at = into.writeUInt32BE(bytes.length, at);
    put(bytes);
  };
  put(hash);
  if (entry) putField(entry);
  if (payload) [payload.salt, payload.bytes].forEach(putField);
  if (proof) {
    at = into.writeUIntBE(index ?? 0, at, OFFSET_BYTES);
    at = into.writeUInt8(proof.length, at);
    proof.forEach(put);
  }
}

/** Offset of the chain's previous record; from now on this one. */
function before(entry: Uint8Array, offset: number, chains: Map<string, number>, scan: EntryScan): number {
  if (!scan.scan(entry, 0, entry.length)) return 0;
  const chain = Buffer.from(entry.buffer, entry.byteOffset, entry.byteLength).toString(
    'latin1',
    scan.chainFrom,
    scan.chainTo,
  );
  const known = chains.get(chain) ?? 0;
  chains.set(chain, offset);
  return known;
}

/** Write buffer, so that a record needs no system call. */
class BlockWriter {
  /** File offset of the next byte. */
  offset = 0;
  readonly #handle: FileHandle;
  #block = Buffer.allocUnsafe(BLOCK_BYTES + 2 * MAX_RECORD_BYTES);
  #used = 0;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** Reserves bytes to write to, until the next call. */
  room(bytes: number): Buffer {
    if (this.#used + bytes > this.#block.length) throw new RangeError('reservation exceeds the write buffer');
    const into = this.#block.subarray(this.#used, this.#used + bytes);
    this.#used += bytes;
    this.offset += bytes;
    return into;
  }

  text(text: string): void {
    const bytes = Buffer.from(text, 'utf8');
    this.room(bytes.length).set(bytes);
  }

  /** Flushes if at least `atLeast` bytes are buffered. */
  async flush(atLeast: number): Promise<void> {
    if (this.#used < atLeast) return;
    await this.#handle.writeFile(this.#block.subarray(0, this.#used));
    this.#used = 0;
  }
}
