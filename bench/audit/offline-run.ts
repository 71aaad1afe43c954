import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { verifyExport } from '../../server/audit/export/verify.ts';

/**
 * `offline-run bare|verify FILE [KEY]`: goes through an export once, in a process of its own, and says what it took.
 */

export interface OfflineRun {
  readonly ms: number;
  /** Processor time of all threads. */
  readonly cpuMs: number;
  /** Largest resident memory of the process. */
  readonly peakBytes: number;
  /** Entries that were found good; 0 of a bare pass. */
  readonly checked: number;
}

const BLOCK_BYTES = 2 ** 18;

/** SHA-256 over all bytes of the file, as one message: what no verification can be faster than. */
function bare(path: string): number {
  const file = openSync(path, 'r');
  const block = Buffer.alloc(BLOCK_BYTES);
  const hash = createHash('sha256');
  for (let bytes = readSync(file, block); bytes > 0; bytes = readSync(file, block))
    hash.update(block.subarray(0, bytes));
  hash.digest();
  closeSync(file);
  return 0;
}

async function verify(path: string, key: string): Promise<number> {
  const { valid, checked, firstBad } = await verifyExport(path, { keys: [key] });
  if (!valid) throw new Error(`the log is not good: ${JSON.stringify(firstBad)}`);
  return checked;
}

const [kind, path, key] = process.argv.slice(2) as [string, string, string];
const cpu = process.cpuUsage();
const began = performance.now();
const checked = kind === 'bare' ? bare(path) : await verify(path, key);
const ms = performance.now() - began;
const { user, system } = process.cpuUsage(cpu);
const run: OfflineRun = {
  ms,
  cpuMs: (user + system) / 1000,
  peakBytes: process.resourceUsage().maxRSS * 1024,
  checked,
};
process.stdout.write(JSON.stringify(run));
