import { readFile, stat } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { Timestamp } from '../../protocol/events.ts';
import type { System } from '../../protocol/http/system.ts';

type Measured = NonNullable<System['sessions']['measured']>;

/** As `npm run bench -- capacity --json FILE` writes it. */
const FILE = 'capacity.json';
const MOST_BYTES = 1024 * 1024;
/** Students of one core at the default policy, when all of it is used. */
const FIGURE = 'default policy: students of one core, without reserve';
/** Of a student, ms a second: the main process uses one core for sockets. */
const MAIN_FIGURE = 'default policy: processor time of a student, main process';
/** Share of the cores that is planned for, as in `bench/capacity/sizes.ts`. */
const PLANNED_SHARE = 0.5;

const Report = z.object({
  name: z.literal('capacity'),
  at: Timestamp,
  machine: z.object({ cpu: z.string(), cores: z.int().min(1) }),
  figures: z.array(z.object({ name: z.string(), value: z.number().nullable() })),
});

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
}

const thisMachine = (): Machine => ({ cpu: cpus()[0]?.model ?? 'unknown', cores: availableParallelism() });

/** Pure: sessions that the machine can carry by a report; undefined: not such a report. */
export function capacityOf(text: string, machine: Machine): Measured | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const report = Report.safeParse(json);
  const valueOf = (figure: string) => report.data?.figures.find(({ name }) => name === figure)?.value;
  const [perCore, mainMs] = [valueOf(FIGURE), valueOf(MAIN_FIGURE)];
  if (!report.success || typeof perCore !== 'number' || perCore < 0) return undefined;
  const { machine: measured, at } = report.data;
  return {
    students: Math.floor(PLANNED_SHARE * Math.min(perCore * machine.cores, mainMs ? 1000 / mainMs : Infinity)),
    perCore: Math.floor(perCore),
    cores: machine.cores,
    plannedShare: PLANNED_SHARE,
    at,
    sameMachine: measured.cpu === machine.cpu && measured.cores === machine.cores,
  };
}

/** The measured capacity in DATA_DIR, read again when the file changes. */
export class CapacityFile {
  readonly #path: string;
  #changedAt = Number.NaN;
  #measured: Measured | undefined;

  constructor(dataDir: string) {
    this.#path = join(dataDir, FILE);
  }

  async read(): Promise<Measured | undefined> {
    try {
      const { mtimeMs, size } = await stat(this.#path);
      if (mtimeMs === this.#changedAt) return this.#measured;
      this.#measured = size > MOST_BYTES ? undefined : capacityOf(await readFile(this.#path, 'utf8'), thisMachine());
      this.#changedAt = mtimeMs;
    } catch {
      this.#changedAt = Number.NaN;
      this.#measured = undefined;
    }
    return this.#measured;
  }
}
