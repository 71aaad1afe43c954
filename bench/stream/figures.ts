import { type Figure, figure } from '../../simulator/report/figure.ts';
import { outsideInference, type Stretch } from '../lean/stretch.ts';
import { median } from '../../simulator/report/percentile.ts';
import { table } from '../../simulator/report/table.ts';
import type { StreamPlan, StreamSamples } from './measure.ts';
import { fullOf, LOAD, nameOf, roundOf } from './plan.ts';

const MIB = 2 ** 20;

interface Column {
  readonly head: string;
  readonly name: string;
  readonly unit: string;
  readonly of: (stretch: Stretch) => number | null;
}

const COLUMNS: readonly Column[] = [
  { head: 'sent/s', name: 'sent', unit: 'frames/s', of: ({ sent }) => sent },
  { head: 'analysed/s', name: 'analysed', unit: 'frames/s', of: ({ analysed }) => analysed },
  { head: 'p50 ms', name: 'send to analysis, p50', unit: 'ms', of: ({ p50 }) => p50 },
  { head: 'p95 ms', name: 'send to analysis, p95', unit: 'ms', of: ({ p95 }) => p95 },
  { head: 'p99 ms', name: 'send to analysis, p99', unit: 'ms', of: ({ p99 }) => p99 },
  { head: 'main', name: 'processor time, main process', unit: 'ms a frame', of: ({ cpu }) => cpu.main },
  { head: 'host', name: 'processor time, inference host', unit: 'ms a frame', of: ({ cpu }) => cpu.host },
  {
    head: 'of that main thread',
    name: 'processor time, main thread of the inference host',
    unit: 'ms a frame',
    of: ({ cpu }) => cpu.hostMain,
  },
  { head: 'database', name: 'processor time, database', unit: 'ms a frame', of: ({ cpu }) => cpu.database },
  { head: 'load', name: 'processor time, load generator', unit: 'ms a frame', of: ({ cpu }) => cpu.load },
  { head: 'outside', name: 'outside decoding and inference', unit: 'ms a frame', of: outsideInference },
  { head: 'rate', name: "share of the policy's rate that is asked for", unit: 'x', of: ({ rateScale }) => rateScale },
  { head: 'own delay', name: "load generator's own delay, p99", unit: 'ms', of: ({ ownDelay }) => ownDelay },
];

const middle = (samples: readonly Stretch[], of: (stretch: Stretch) => number | null): number | null =>
  median(samples.flatMap((sample) => of(sample) ?? []).filter(Number.isFinite));

const serverMs = ({ cpu }: Stretch): number => cpu.main + cpu.host + cpu.database;

/** Medians of the rounds, by work. */
export function stretchFigures(label: string, { stretches }: StreamSamples): Figure[] {
  return [...stretches].flatMap(([work, samples]) => [
    ...COLUMNS.map(({ name, unit, of }) => figure(`${label}, ${work}: ${name}`, middle(samples, of), unit)),
    figure(
      `${label}, ${work}: frames lost`,
      samples.reduce((sum, { lost }) => sum + lost, 0),
      'frames',
    ),
    figure(
      `${label}, ${work}: sends held back`,
      samples.reduce((sum, { heldBack }) => sum + heldBack, 0),
      'frames',
    ),
    figure(
      `${label}, ${work}: memory, main process`,
      middle(samples, ({ memory }) => memory.main / MIB),
      'MiB',
    ),
    figure(
      `${label}, ${work}: memory, inference host`,
      middle(samples, ({ memory }) => memory.host / MIB),
      'MiB',
    ),
  ]);
}

/** Ratios within the same round, and their medians. */
export function ratioFigures(
  label: string,
  { ceiling, stretches }: StreamSamples,
  { sessions, fps }: StreamPlan,
): Figure[] {
  const of = (kind: 'closed' | 'load', count: number) => stretches.get(nameOf({ kind, sessions: count }, fps)) ?? [];
  const ratio = (
    a: readonly Stretch[],
    b: readonly Stretch[],
    what: (stretch: Stretch) => number | null,
    against = what,
  ) =>
    median(
      a
        .map(
          (sample, round) => (what(sample) ?? Number.NaN) / (b[round] ? (against(b[round]) ?? Number.NaN) : Number.NaN),
        )
        .filter(Number.isFinite),
    );
  const alone = ceiling.map(({ cpuMs }) => cpuMs);
  const beside = (count: number): Figure[] => {
    const samples = of('closed', count);
    const rate = samples.map(({ analysed }, round) => analysed / (ceiling[round]?.perSecond ?? Number.NaN));
    const over = samples.map(({ cpu }, round) => cpu.main + cpu.host - (alone[round] ?? Number.NaN));
    const share = samples.map((sample) => outsideInference(sample) / (sample.cpu.main + sample.cpu.host));
    const name = `${label}, ${nameOf({ kind: 'closed', sessions: count }, fps)}`;
    return [
      figure(`${name}: analysed, beside the models alone`, median(rate), 'x'),
      figure(`${name}: main process and host over the models alone`, median(over), 'ms a frame'),
      figure(`${name}: share outside decoding and inference`, median(share.filter(Number.isFinite)), 'x'),
    ];
  };
  const full = fullOf(sessions);
  return [
    figure(`${label}, the models alone on all cores`, median(ceiling.map(({ perSecond }) => perSecond)), 'frames/s'),
    figure(`${label}, the models alone on all cores: processor time`, median(alone), 'ms a frame'),
    ...sessions.flatMap(beside),
    figure(
      `${label}, ${LOAD * 100} % load: p99 beside the time of a single frame`,
      ratio(
        of('load', full),
        of('closed', 1),
        ({ p99 }) => p99,
        ({ p50 }) => p50,
      ),
      'x',
    ),
    ...(sessions.includes(16) && sessions.includes(256)
      ? [
          figure(
            `${label}, processor time of a frame at 256 sessions beside 16`,
            ratio(of('closed', 256), of('closed', 16), serverMs),
            'x',
          ),
        ]
      : []),
  ];
}

export function streamTable(label: string, { stretches }: StreamSamples, { sessions, fps }: StreamPlan): string {
  const short = (value: number | null): number | null => (value === null ? null : Number(value.toPrecision(3)));
  const rows = roundOf(sessions).map((work) => [
    nameOf(work, fps),
    ...COLUMNS.map(({ of }) => short(middle(stretches.get(nameOf(work, fps)) ?? [], of))),
  ]);
  return table([`${label}: loop, sessions`, ...COLUMNS.map(({ head }) => head)], rows);
}
