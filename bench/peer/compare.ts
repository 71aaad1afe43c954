import { type Figure, figure } from '../../simulator/report/figure.ts';
import { median } from '../../simulator/report/percentile.ts';
import { type FrameContender, type PeerSample, serverMs } from './contender.ts';

export interface PeerPlan {
  readonly secs: number;
  readonly rounds: number;
  /** Concurrent students. */
  readonly students: readonly number[];
}

/** Samples of each round, by number of students and contender. */
export type PeerSamples = ReadonlyMap<number, ReadonlyMap<string, readonly PeerSample[]>>;

/** The contenders alternate within each round, so that other load on the machine affects all of them. */
export async function compare(
  contenders: readonly FrameContender[],
  { secs, rounds, students }: PeerPlan,
  say: (line: string) => void,
  errors: string[],
): Promise<PeerSamples> {
  const samples = new Map(
    students.map((count) => [count, new Map(contenders.map(({ name }) => [name, [] as PeerSample[]]))]),
  );
  for (let round = 1; round <= rounds; round++) {
    for (const count of students) {
      for (const { name, measure } of contenders) {
        const sample = await measure(count, secs);
        samples.get(count)!.get(name)!.push(sample);
        errors.push(...sample.errors.map((error) => `${name}, ${count} students: ${error}`));
        say(
          `${round}/${rounds} ${name}, ${count} students: ${sample.perSecond.toFixed(0)} frames/s, ${serverMs(sample).toFixed(1)} ms of CPU time per frame`,
        );
      }
    }
  }
  return samples;
}

const COLUMNS: readonly {
  readonly name: string;
  readonly unit: string;
  readonly of: (sample: PeerSample) => number | null;
}[] = [
  { name: 'analysed', unit: 'frames/s', of: ({ perSecond }) => perSecond },
  { name: 'p50', unit: 'ms', of: ({ p50 }) => p50 },
  { name: 'p95', unit: 'ms', of: ({ p95 }) => p95 },
  { name: 'p99', unit: 'ms', of: ({ p99 }) => p99 },
  { name: 'without a search', unit: 'x', of: ({ followed }) => followed },
  { name: 'processor time, server', unit: 'ms a frame', of: ({ cpu }) => cpu.main + cpu.host },
  { name: 'processor time, database', unit: 'ms a frame', of: ({ cpu }) => cpu.database },
  { name: 'processor time, load generator', unit: 'ms a frame', of: ({ cpu }) => cpu.load },
];

const middle = (values: readonly (number | null)[]): number | null =>
  median(values.flatMap((value) => value ?? []).filter(Number.isFinite));

/** Medians of the rounds. */
export function contenderFigures(samples: PeerSamples): Figure[] {
  return [...samples].flatMap(([count, all]) =>
    [...all].flatMap(([name, rounds]) =>
      COLUMNS.map((column) =>
        figure(`${name}, ${count} students: ${column.name}`, middle(rounds.map(column.of)), column.unit),
      ),
    ),
  );
}

/** Ratios of each contender to the named one, within the same round; medians. */
export function ratioFigures(samples: PeerSamples, against: string): Figure[] {
  return [...samples].flatMap(([count, all]) => {
    const theirs = all.get(against) ?? [];
    return [...all]
      .filter(([name]) => name !== against)
      .flatMap(([name, ours]) => [
        figure(
          `${name}, ${count} students: analysed, beside the ${against}`,
          middle(ours.map((sample, round) => sample.perSecond / (theirs[round]?.perSecond ?? Number.NaN))),
          'x',
        ),
        figure(
          `${name}, ${count} students: frames for a second of processor time, beside the ${against}`,
          middle(
            ours.map((sample, round) => (theirs[round] ? serverMs(theirs[round]) : Number.NaN) / serverMs(sample)),
          ),
          'x',
        ),
      ]);
  });
}
