import { NoteError, type VerifierKey } from '../../../protocol/audit/signed-note.ts';
import { EntryCheck } from './check-entry.ts';
import { checkPayload } from './check-payload.ts';
import { Checkpoints, checkpointsInside, checkpointsOutside } from './checkpoints.ts';
import { FaultFound } from './fault-found.ts';
import { HASH_AT, MalformedExport, PART } from './format.ts';
import { type ExportFile, readRecordAt, RecordReader } from './reader.ts';
import { RunningTree } from '../tree/running-tree.ts';
import type { Agreed, ExportFault } from './verification.ts';

export interface PassOptions {
  /** Path of checkpoints stored outside. */
  readonly checkpoints: string | undefined;
  /** Trusted keys; empty: signatures are not checked. */
  readonly signers: readonly VerifierKey[];
  /**
   * Which checks to run: entries against leaves and chains, or payloads, tree and checkpoints if another thread does
   * the former.
   */
  readonly entries: boolean;
  readonly contents: boolean;
  readonly rememberedChains: number | undefined;
  /** Shared by both threads: number of records worth checking, reduced when the other thread has found a fault. */
  readonly limit: Float64Array;
}

export interface PassResult {
  /** Number of good records before the first fault. */
  readonly checked: number;
  readonly fault: ExportFault | undefined;
  readonly erased: number;
  readonly pending: number;
  readonly inside: Agreed;
  readonly outside: Agreed;
  readonly unreadable: number;
}

const NONE: Agreed = { count: 0, largest: 0 };
const agreed = (checkpoints: Checkpoints | undefined): Agreed =>
  checkpoints ? { count: checkpoints.agreed, largest: checkpoints.largest } : NONE;

/** Converts an error to a fault of the log. @throws the error itself if it is none */
export function faultOf(error: unknown): ExportFault {
  if (error instanceof FaultFound) return error.fault;
  if (error instanceof MalformedExport || error instanceof NoteError) return { what: 'file', detail: error.message };
  throw error;
}

/** One pass over a full export: all leaves, then queued entries. */
export async function passOverLog(
  file: ExportFile,
  options: PassOptions,
  onProgress?: (checked: number) => void,
): Promise<PassResult> {
  const pass = new Pass(file, options);
  try {
    await pass.run(onProgress);
    return pass.result(undefined);
  } catch (error) {
    const fault = faultOf(error);
    const result = pass.result(fault);
    // The other thread can stop there.
    options.limit[0] = result.checked;
    return result;
  }
}

class Pass {
  readonly #file: ExportFile;
  readonly #options: PassOptions;
  readonly #entries: EntryCheck | undefined;
  readonly #tree = new RunningTree();
  #inside: Checkpoints | undefined;
  #outside: Checkpoints | undefined;
  readonly #unreadable = { count: 0 };
  #checked = 0;
  #erased = 0;
  #pending = 0;
  /** Tree size of the next checkpoint comparison. */
  #stop = Infinity;

  constructor(file: ExportFile, options: PassOptions) {
    this.#file = file;
    this.#options = options;
    this.#entries = options.entries
      ? new EntryCheck((offset) => readRecordAt(file, offset), options.rememberedChains)
      : undefined;
  }

  async run(onProgress: ((checked: number) => void) | undefined): Promise<void> {
    if (this.#options.contents) await this.#openCheckpoints();
    const records = new RecordReader(this.#file);
    while (this.#checked < this.#options.limit[0]! && records.fill()) {
      while (this.#look(records)) await this.#compare();
      onProgress?.(this.#checked);
    }
    if (records.ended) this.#end();
  }

  result(fault: ExportFault | undefined): PassResult {
    return {
      checked: this.#checked,
      fault,
      erased: this.#erased,
      pending: this.#pending,
      inside: agreed(this.#inside),
      outside: agreed(this.#outside),
      unreadable: this.#unreadable.count,
    };
  }

  /** @returns true at the size of a checkpoint, false at the end of a block */
  #look(records: RecordReader): boolean {
    const { bytes } = records;
    const { size } = this.#file.header;
    const entries = this.#entries;
    const { contents } = this.#options;
    while (records.next()) {
      const { from, to, offset } = records;
      const waits = (bytes[from]! & PART.pending) !== 0;
      if (waits !== this.#checked >= size)
        throw new MalformedExport(
          waits ? `expected ${size} leaves, found ${this.#checked}` : `more than ${size} leaves`,
        );
      const leaf = waits ? null : this.#checked;
      if (entries) entries.check(bytes, from, to, offset, leaf);
      if (contents) this.#checkContents(bytes, from, to, offset, leaf);
      this.#checked += 1;
      if (this.#checked === this.#stop) return true;
    }
    return false;
  }

  #checkContents(bytes: Uint8Array, from: number, to: number, offset: number, leaf: number | null): void {
    // First, since the payload check may overwrite it in an invalid record.
    if (leaf === null) this.#pending += 1;
    else this.#tree.push(bytes, from + HASH_AT);
    const { hasPayload, proofAt } = checkPayload(bytes, from, to, offset, leaf);
    if (proofAt !== 0) throw new MalformedExport(`unexpected proof in the record at offset ${offset}`);
    if (!hasPayload) this.#erased += 1;
  }

  async #openCheckpoints(): Promise<void> {
    const { signers, checkpoints } = this.#options;
    this.#inside = await Checkpoints.of('inside', checkpointsInside(this.#file, signers));
    this.#outside = await Checkpoints.of(
      'outside',
      checkpointsOutside(checkpoints, this.#file.header.origin, signers, this.#unreadable),
    );
    await this.#compare();
  }

  async #compare(): Promise<void> {
    const root = this.#tree.root();
    for (const checkpoints of [this.#inside!, this.#outside!]) await checkpoints.compare(this.#tree.size, root);
    this.#stop = Math.min(this.#inside!.next?.size ?? Infinity, this.#outside!.next?.size ?? Infinity);
  }

  #end(): void {
    const { size } = this.#file.header;
    if (this.#checked < size) throw new MalformedExport(`expected ${size} leaves, found ${this.#checked}`);
    this.#inside?.end(size);
    this.#outside?.end(size);
  }
}
