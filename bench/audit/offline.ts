import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { writeExport } from '../../server/audit/export/writer.ts';
import { type Figure, figure } from '../../simulator/report/figure.ts';
import { median } from '../../simulator/report/percentile.ts';
import { temporaryFolder } from '../../simulator/server/server-process.ts';
import { BUSY_LOG, GeneratedLog } from '../../simulator/fixtures/generated-log.ts';
import type { OfflineRun } from './offline-run.ts';

const ENTRY = fileURLToPath(new URL('./offline-run.js', import.meta.url));
const exec = promisify(execFile);

export interface OfflinePlan {
  readonly leaves: number;
  /** Number of each: bare passes and verifications alternate. */
  readonly rounds: number;
}

const run = async (...args: readonly string[]): Promise<OfflineRun> =>
  JSON.parse((await exec(process.execPath, [ENTRY, ...args])).stdout) as OfflineRun;

/** Time and memory to verify a long log offline, compared with a bare SHA-256 pass over the same file. */
export async function offline(
  { leaves, rounds }: OfflinePlan,
  say: (line: string) => void,
  errors: string[],
): Promise<Figure[]> {
  const folder = temporaryFolder();
  try {
    const long = await generate(join(folder.path, 'long'), leaves, say);
    const short = await generate(join(folder.path, 'short'), Math.ceil(leaves / 10), say);
    const samples: Record<'bare' | 'verify' | 'short', OfflineRun[]> = { bare: [], verify: [], short: [] };
    for (let round = 1; round <= rounds; round++) {
      const [hashed, verified] = [await run('bare', long.path), await run('verify', long.path, long.key)];
      samples.bare.push(hashed);
      samples.verify.push(verified);
      samples.short.push(await run('verify', short.path, short.key));
      say(
        `${round}/${rounds} ${leaves} leaves: bare ${Math.round(hashed.ms)} ms, verified in ${Math.round(verified.ms)} ms`,
      );
      if (verified.checked !== leaves) errors.push(`only ${verified.checked} of ${leaves} leaves were verified`);
    }
    const middle = (of: readonly OfflineRun[], what: keyof OfflineRun) => median(of.map((sample) => sample[what]));
    const ratios = samples.verify.map(({ ms }, i) => ms / samples.bare[i]!.ms);
    const mib = (bytes: number | null) => (bytes === null ? null : bytes / 2 ** 20);
    return [
      figure('offline: leaves', leaves, ''),
      figure('offline: file', mib(long.bytes), 'MiB'),
      figure('offline: bare SHA-256 pass', middle(samples.bare, 'ms'), 'ms'),
      figure('offline: bare SHA-256 pass, processor time', middle(samples.bare, 'cpuMs'), 'ms'),
      figure('offline: verified in', middle(samples.verify, 'ms'), 'ms'),
      figure('offline: verified in, processor time', middle(samples.verify, 'cpuMs'), 'ms'),
      figure('offline: verified / bare', median(ratios), 'x'),
      figure('offline: peak memory', mib(middle(samples.verify, 'peakBytes')), 'MiB'),
      figure('offline: peak memory, a tenth of the leaves', mib(middle(samples.short, 'peakBytes')), 'MiB'),
    ];
  } finally {
    folder.remove();
  }
}

/** Written by this process and verified by others, whose memory is measured separately. */
async function generate(
  path: string,
  leaves: number,
  say: (line: string) => void,
): Promise<{ readonly path: string; readonly key: string; readonly bytes: number }> {
  say(`log of ${leaves} leaves written`);
  const log = await GeneratedLog.create({ leaves, ...BUSY_LOG });
  await writeExport(path, log.source());
  return { path, key: log.key, bytes: (await stat(path)).size };
}
