import { readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { lengthAt } from './entry-fields.ts';
import {
  END,
  ENTRY_AT,
  ExportHeader,
  FOOTER_BYTES,
  LENGTH_BYTES,
  MAGIC,
  MalformedExport,
  MAX_HEADER_BYTES,
  MAX_RECORD_BYTES,
  OFFSET_BYTES,
} from './format.ts';

/** Block size, bytes: small enough to stay in the CPU cache until processed. */
const BLOCK_BYTES = 2 ** 18;
/** Room before the block for the start of a record that ends in it. */
const ROOM_BYTES = LENGTH_BYTES + MAX_RECORD_BYTES;

export interface ExportFile {
  readonly handle: FileHandle;
  readonly header: ExportHeader;
  /** Offsets of the records and of the checkpoints, which end at `notesEnd`. */
  readonly recordsAt: number;
  readonly notesAt: number;
  readonly notesEnd: number;
}

/** @throws MalformedExport; an Error with code `ENOENT`, .. */
export async function openExport(path: string): Promise<ExportFile> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const head = (await read(handle, 0, Math.min(size, MAGIC.length + MAX_HEADER_BYTES))).toString('utf8');
    if (!head.startsWith(MAGIC)) throw new MalformedExport('not an audit log export, or an unknown version');
    const line = head.slice(MAGIC.length, head.indexOf('\n', MAGIC.length));
    const recordsAt = MAGIC.length + Buffer.byteLength(line) + 1;
    const header = parseHeader(line);
    const notesEnd = size - FOOTER_BYTES;
    const footer = notesEnd < recordsAt ? undefined : await read(handle, notesEnd, FOOTER_BYTES);
    if (footer?.toString('latin1', OFFSET_BYTES) !== END) throw new MalformedExport('the end of the file is missing');
    const notesAt = footer.readUIntBE(0, OFFSET_BYTES);
    if (notesAt < recordsAt + LENGTH_BYTES || notesAt > notesEnd)
      throw new MalformedExport('invalid offset of the checkpoints');
    return { handle, header, recordsAt, notesAt, notesEnd };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Identifies the file and its version. */
export async function identityOf({ handle }: ExportFile): Promise<string> {
  const { dev, ino, size, mtimeNs } = await handle.stat({ bigint: true });
  return [dev, ino, size, mtimeNs].join('-');
}

function parseHeader(line: string): ExportHeader {
  try {
    return ExportHeader.parse(JSON.parse(line));
  } catch (cause) {
    throw new MalformedExport('invalid header', { cause });
  }
}

async function read(handle: FileHandle, at: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, at);
  return buffer.subarray(0, bytesRead);
}

/** Reads one record. @throws MalformedExport */
export function readRecordAt({ handle, recordsAt, notesAt }: ExportFile, offset: number): Buffer {
  const wrong = () => new MalformedExport(`no record at offset ${offset}`);
  if (offset < recordsAt || offset > notesAt - LENGTH_BYTES) throw wrong();
  const head = Buffer.alloc(LENGTH_BYTES);
  readSync(handle.fd, head, 0, LENGTH_BYTES, offset);
  const length = lengthAt(head, 0);
  if (length < ENTRY_AT || length > MAX_RECORD_BYTES || offset + LENGTH_BYTES + length > notesAt) throw wrong();
  const record = Buffer.alloc(length);
  if (readSync(handle.fd, record, 0, length, offset + LENGTH_BYTES) !== length) throw wrong();
  return record;
}

/**
 * The records of a file, one after the other, in one block of memory. Reads wait: what is next is in the page cache,
 * and handing each block to another thread and back costs more than copying it.
 *
 *     while (records.fill()) while (records.next()) look(records.bytes, records.from, records.to);
 */
export class RecordReader {
  /** Readers may modify the record. */
  readonly bytes: Uint8Array;
  /** Start of the current record, after its length. */
  from = 0;
  to = 0;
  /** End of the current record. */
  ended = false;
  readonly #file: ExportFile;
  /** End of the filled part. */
  #filled = ROOM_BYTES;
  #next = ROOM_BYTES;
  /** File offset of the next read. */
  #readAt: number;
  /** File offset of the start of `bytes`. */
  #bytesAt: number;

  constructor(file: ExportFile) {
    this.#file = file;
    this.#readAt = file.recordsAt;
    this.#bytesAt = file.recordsAt - ROOM_BYTES;
    this.bytes = new Uint8Array(ROOM_BYTES + BLOCK_BYTES);
  }

  /** File offset of the current record. */
  get offset(): number {
    return this.#bytesAt + this.from - LENGTH_BYTES;
  }

  /**
   * @returns false after the last record.
   * @throws MalformedExport if the records do not end where the checkpoints begin
   */
  fill(): boolean {
    if (this.ended) return false;
    const rest = this.#filled - this.#next;
    this.bytes.copyWithin(ROOM_BYTES - rest, this.#next, this.#filled);
    const bytesRead = readSync(
      this.#file.handle.fd,
      this.bytes,
      ROOM_BYTES,
      Math.min(BLOCK_BYTES, this.#file.notesAt - this.#readAt),
      this.#readAt,
    );
    if (bytesRead === 0) throw new MalformedExport('the records do not end where the checkpoints begin');
    this.#next = ROOM_BYTES - rest;
    this.#filled = ROOM_BYTES + bytesRead;
    this.#bytesAt = this.#readAt - ROOM_BYTES;
    this.#readAt += bytesRead;
    return true;
  }

  /** @returns whether the block holds another complete record. @throws MalformedExport */
  next(): boolean {
    const at = this.#next;
    if (this.ended || this.#filled - at < LENGTH_BYTES) return false;
    const length = lengthAt(this.bytes, at);
    if (length === 0) {
      this.ended = true;
      if (this.#bytesAt + at + LENGTH_BYTES !== this.#file.notesAt)
        throw new MalformedExport('unexpected bytes between records and checkpoints');
      return false;
    }
    if (length < ENTRY_AT || length > MAX_RECORD_BYTES)
      throw new MalformedExport(`the record at offset ${this.#bytesAt + at} has an invalid length`);
    const to = at + LENGTH_BYTES + length;
    if (to > this.#filled) return false;
    this.from = at + LENGTH_BYTES;
    this.to = to;
    this.#next = to;
    return true;
  }
}
