import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { BUSY_LOG, GeneratedLog } from '../../simulator/fixtures/generated-log.ts';
import { writeExport } from '../../server/audit/export/writer.ts';
import { sized } from '../support/size.ts';

const ENTRY = fileURLToPath(new URL('../../dist/bench/audit/offline-run.js', import.meta.url));
/** Output of the program. */
interface OfflineRun {
  readonly ms: number;
  readonly cpuMs: number;
  readonly peakBytes: number;
  readonly checked: number;
}

const exec = promisify(execFile);
const MIB = 2 ** 20;

const LEAVES = sized(1_000_000, 100_000);
/** Long enough for two threads, like the long one. */
const FEWER = LEAVES / 5;
/** Garbage collection varies from run to run. */
const SLACK = 32 * MIB;

const run = async (...args: readonly string[]): Promise<OfflineRun> =>
  JSON.parse((await exec(process.execPath, [ENTRY, ...args])).stdout) as OfflineRun;

test(
  `offline verification of ${LEAVES} leaves needs no more memory than a fifth of them`,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'invigil-offline-'));
    try {
      const runs: OfflineRun[] = [];
      for (const leaves of [FEWER, LEAVES]) {
        const log = await GeneratedLog.create({ leaves, ...BUSY_LOG });
        const path = join(folder, String(leaves));
        await writeExport(path, log.source());
        runs.push(await run('verify', path, log.key));
        if (leaves === LEAVES) runs.push(await run('bare', path));
      }
      const [short, long, bare] = runs as [OfflineRun, OfflineRun, OfflineRun];
      console.log(
        `${LEAVES} leaves: ${Math.round(long.peakBytes / MIB)} MiB at most, a fifth of them ${Math.round(short.peakBytes / MIB)} MiB; verified in ${Math.round(long.ms)} ms (processor ${Math.round(long.cpuMs)} ms), a bare SHA-256 pass ${Math.round(bare.ms)} ms (${Math.round(bare.cpuMs)} ms)`,
      );
      expect(long.checked).toBe(LEAVES);
      expect(long.peakBytes).toBeLessThan(short.peakBytes + SLACK);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  sized(900_000, 300_000),
);
