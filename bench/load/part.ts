import { readFile } from 'node:fs/promises';
import { describeMachine, type Machine } from '../../simulator/report/machine.ts';
import { UsageError } from '../../simulator/options.ts';
import type { Evidence } from './verdict.ts';

/** Layout of a part; another one is refused. */
const VERSION = 1;

/** Result of one machine, as it is added to those of others. */
export interface LoadPart extends Evidence {
  readonly version: typeof VERSION;
  /** Names the run in its accounts. */
  readonly run: string;
  readonly url: string;
  readonly machine: Machine;
}

export function partOf(evidence: Evidence, { run, url }: Pick<LoadPart, 'run' | 'url'>): LoadPart {
  const { connects, signalsSent, signalsAcked, errorCount, dropCount } = evidence.tally;
  return {
    ...evidence,
    tally: { connects, signalsSent, signalsAcked, errorCount, dropCount },
    version: VERSION,
    run,
    url,
    machine: describeMachine(),
  };
}

/** Reads what `load --json` wrote. @throws UsageError */
export async function readParts(files: readonly string[]): Promise<LoadPart[]> {
  if (files.length < 2) throw new UsageError('load merge takes two files or more');
  return Promise.all(files.map(readPart));
}

async function readPart(file: string): Promise<LoadPart> {
  let part: LoadPart | undefined;
  try {
    part = (JSON.parse(await readFile(file, 'utf8')) as { part?: LoadPart }).part;
  } catch (error) {
    throw new UsageError(`${file}: ${(error as Error).message}`, { cause: error });
  }
  if (part?.version !== VERSION) throw new UsageError(`${file} is not a result of this version's load --json`);
  return part;
}
