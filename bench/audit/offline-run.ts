import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { verifyExport } from '../../server/audit/export/verify.ts';

/** `offline-run bare|verify FILE [KEY]`: reads an export once, in its own process, and reports the resources used. */

export interface OfflineRun {
  readonly ms: number;
  /** CPU time of all threads. */
  readonly cpuMs: number;
  /** Largest resident memory of the process. */
  readonly peakBytes: number;
  /** Valid entries; 0 for a bare pass. */
  readonly checked: number;
}

const BLOCK_BYTES = 2 ** 18;

/** SHA-256 over all bytes of the file as one message: the lower bound of any verification. */
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
  if (!valid) throw new Error(`the log is invalid: ${JSON.stringify(firstBad)}`);
  return checked;
}

/** Not `maxRSS` of getrusage(2): Linux carries that of the process which started this one over. */
function peakBytes(): number {
  const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Number(kib) * 1024;
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
  peakBytes: peakBytes(),
  checked,
};
process.stdout.write(JSON.stringify(run));
