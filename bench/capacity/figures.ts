import { availableParallelism } from 'node:os';
import { type Figure, figure } from '../../simulator/report/figure.ts';
import { median } from '../../simulator/report/percentile.ts';
import type { Measured, Sample } from './measure.ts';
import type { Rate } from './rates.ts';
import type { Footprint, StudentCost } from './sizes.ts';

const MIB = 2 ** 20;
const KB = 1000;

const middle = (samples: readonly Sample[], of: (sample: Sample) => number): number =>
  median(samples.map(of).filter(Number.isFinite)) ?? Number.NaN;

/**
 * Cost of a student at the full rate. A busy machine sends and analyses fewer frames than planned, so the time of a sent
 * frame (main process, database) and of an analysed one (inference host) are what is measured, and multiplied. The time
 * that a server takes without students is not multiplied.
 */
export function costOf({ sent, analysed }: Rate, samples: readonly Sample[], idle: Measured['idle']): StudentCost {
  const perSent = (of: (sample: Sample) => number) => middle(samples, (sample) => of(sample) / sample.sent) * sent;
  return {
    main: perSent(({ cpuASecond }) => Math.max(0, cpuASecond.main - idle.main)),
    database: perSent(({ cpuASecond }) => Math.max(0, cpuASecond.database - idle.database)),
    host: middle(samples, ({ cpu }) => cpu.host) * analysed,
    received: perSent(({ up }) => up),
    sent: perSent(({ down }) => down),
  };
}

export function footprintOf({ empty, samples, event, minute }: Measured, picture: number): Footprint {
  const all = [...samples.values()].flat();
  return {
    main: empty.main,
    host: Math.max(empty.host, ...all.map(({ memory }) => memory.host)),
    threads: Number(process.env['INFERENCE_THREADS'] ?? availableParallelism()),
    student: Math.max(0, ...all.map(({ memory, students }) => (memory.main - empty.main) / students)),
    event,
    minute,
    picture,
  };
}

export function capacityFigures(
  costs: readonly { readonly rate: Rate; readonly cost: StudentCost }[],
  footprint: Footprint,
  { idle, samples }: Measured,
): Figure[] {
  return [
    ...costs.flatMap(({ rate, cost }) => {
      const total = cost.main + cost.host + cost.database;
      const measured = samples.get(rate.name) ?? [];
      return [
        figure(`${rate.name}: processor time of a student, main process`, cost.main, 'ms a second'),
        figure(`${rate.name}: processor time of a student, inference host`, cost.host, 'ms a second'),
        figure(`${rate.name}: processor time of a student, database`, cost.database, 'ms a second'),
        figure(`${rate.name}: students of one core, without reserve`, Math.floor(1000 / total), 'students'),
        figure(`${rate.name}: received from a student`, cost.received / KB, 'kB a second'),
        figure(`${rate.name}: sent to a student`, cost.sent / KB, 'kB a second'),
        figure(
          `${rate.name}: frames sent of those planned, while it was measured`,
          middle(measured, (sample) => sample.sent / (sample.students * rate.sent)),
          'x',
        ),
        figure(
          `${rate.name}: analysed frames that skipped detection`,
          middle(measured, ({ followed }) => followed),
          'x',
        ),
      ];
    }),
    figure('processor time of a server without students', idle.main + idle.host + idle.database, 'ms a second'),
    figure('memory without students, main process', footprint.main / MIB, 'MiB'),
    figure('memory, inference host', footprint.host / MIB, 'MiB'),
    figure('inference threads', footprint.threads, 'threads'),
    figure('memory of a student, main process, at most', footprint.student / MIB, 'MiB'),
    figure('database growth of a student', footprint.minute / KB, 'kB a minute'),
    figure('database growth of an event', footprint.event / KB, 'kB'),
    figure('picture of an incident', footprint.picture / KB, 'kB'),
  ];
}
