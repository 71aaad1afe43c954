import { existsSync } from 'node:fs';
import type { Worker } from 'node:worker_threads';
import { modulePath, startThread } from '../../models/module-path.ts';
import { writeXlsx } from './write-xlsx.ts';
import type { ResultCell } from './result-columns.ts';

export type XlsxRequest = { readonly rows: readonly (readonly ResultCell[])[] } | { readonly end: true };

const MODULE = 'server/results/xlsx-worker';
/** For 20,000 rows of 50 cells. */
const MEMORY = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 64 };

/** Writes a file on a thread of its own: the main thread neither builds nor compresses it. */
export class XlsxThread {
  readonly #header: readonly string[];
  /** Undefined: tests from source before a build. */
  readonly #worker: Worker | undefined;
  readonly #rows: (readonly ResultCell[])[] = [];
  readonly #written: Promise<Uint8Array>;

  constructor(header: readonly string[]) {
    this.#header = header;
    this.#worker = existsSync(modulePath(MODULE))
      ? startThread(MODULE, { workerData: header, resourceLimits: MEMORY })
      : undefined;
    this.#written = new Promise((resolve, reject) => {
      this.#worker?.once('message', resolve);
      this.#worker?.once('error', reject);
      this.#worker?.once('exit', () => reject(new Error('the thread that writes the file ended')));
    });
    // Its failure is noticed at the end.
    this.#written.catch(() => {});
  }

  add(rows: readonly (readonly ResultCell[])[]): void {
    if (this.#worker) this.#worker.postMessage({ rows } satisfies XlsxRequest);
    else this.#rows.push(...rows);
  }

  async end(): Promise<Uint8Array> {
    if (!this.#worker) return writeXlsx(this.#header, this.#rows);
    this.#worker.postMessage({ end: true } satisfies XlsxRequest);
    return this.#written;
  }

  close(): void {
    void this.#worker?.terminate();
  }
}
