import { existsSync } from 'node:fs';
import type { Worker } from 'node:worker_threads';
import { modulePath, startThread } from '../../models/module-path.ts';
import { writeXlsx } from './write-xlsx.ts';
import type { FileCell, FileTable } from './file-cells.ts';

export type XlsxRequest = { readonly rows: readonly (readonly FileCell[])[] } | { readonly end: true };

const MODULE = 'server/results/xlsx-worker';
/** For 20,000 rows of 50 cells. */
const MEMORY = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 64 };

/** Writes a file on a thread of its own: the main thread neither builds nor compresses it. */
export class XlsxThread {
  readonly #table: FileTable;
  /** Undefined: tests from source before a build. */
  readonly #worker: Worker | undefined;
  readonly #rows: (readonly FileCell[])[] = [];
  readonly #written: Promise<Uint8Array>;

  constructor(table: FileTable) {
    this.#table = table;
    this.#worker = existsSync(modulePath(MODULE))
      ? startThread(MODULE, { workerData: table, resourceLimits: MEMORY })
      : undefined;
    this.#written = new Promise((resolve, reject) => {
      this.#worker?.once('message', resolve);
      this.#worker?.once('error', reject);
      this.#worker?.once('exit', () => reject(new Error('the thread that writes the file ended')));
    });
    // Its failure is noticed at the end.
    this.#written.catch(() => {});
  }

  add(rows: readonly (readonly FileCell[])[]): void {
    if (this.#worker) this.#worker.postMessage({ rows } satisfies XlsxRequest);
    else this.#rows.push(...rows);
  }

  async end(): Promise<Uint8Array> {
    if (!this.#worker) return writeXlsx(this.#table, this.#rows);
    this.#worker.postMessage({ end: true } satisfies XlsxRequest);
    return this.#written;
  }

  close(): void {
    void this.#worker?.terminate();
  }
}
