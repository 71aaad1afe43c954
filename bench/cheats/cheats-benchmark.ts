import type { Benchmark, BenchOptions, BenchResult } from '../benchmark.ts';
import { type Figure, figure } from '../../simulator/report/figure.ts';
import { percentile, sorted } from '../../simulator/report/percentile.ts';
import { table } from '../../simulator/report/table.ts';
import { CHEAT_SECONDS, cheats } from './cheats.ts';
import { honest } from './honest.ts';
import { auc, rankOf } from './rank.ts';
import type { Cheat } from './script.ts';
import { SAMPLE_SECONDS, watch, type Watched } from './watch.ts';

const HONEST = 200;
const HONEST_SECONDS = 7200;
/** Sittings are compared after so long, seconds; of a cheat, after it has begun. */
const COMPARED = 300;
/** An event of its kind must come within this time, seconds. */
const NOTICED = 30;

const at = ({ attention }: Watched, second: number) => attention[Math.floor(second / SAMPLE_SECONDS) - 1]?.value ?? 0;

/** Seconds from the beginning of a cheat to the first event of its kind. */
function delayOf({ shows, from }: Cheat, { events }: Watched): number | undefined {
  const first = events.find((event) => shows.includes(event.type) && event.at >= from);
  return first && Math.max(0, first.at - from);
}

/** Scripted cheats and honest sittings through the rules and the session's state, on a clock of their own. */
export const cheatsBenchmark: Benchmark = {
  name: 'cheats',
  about: 'attention of scripted cheats beside honest sittings of two hours: delay, rank, AUC, false incidents',

  async run({ sessions = HONEST, secs = HONEST_SECONDS }: BenchOptions, say): Promise<BenchResult> {
    const calm: Watched[] = [];
    for (let seed = 1; seed <= sessions; seed++) {
      const sitting = honest(seed, secs);
      calm.push(watch(sitting.script, sitting.seed, secs));
      if (seed % 20 === 0) say(`${seed} honest sittings`);
    }
    const early = calm.map((one) => at(one, Math.min(COMPARED, secs)));
    const anytime = calm.flatMap(({ attention }) => attention.map(({ value }) => value));
    const rows: string[][] = [];
    const values: number[] = [];
    const scores: number[] = [];
    let never = 0;
    let late = 0;
    let below = 0;
    for (const cheat of cheats) {
      const seen = watch(cheat.script, cheat.seed, CHEAT_SECONDS);
      const value = at(seen, cheat.from + COMPARED);
      const delay = delayOf(cheat, seen);
      const rank = rankOf(value, early);
      values.push(value);
      scores.push(seen.riskScore);
      if (delay === undefined) never += 1;
      else if (delay > NOTICED) late += 1;
      if (rank > 1) below += 1;
      rows.push([
        cheat.name,
        delay === undefined ? 'never' : delay.toFixed(0),
        value.toFixed(1),
        String(rank),
        `${((anytime.filter((other) => other >= value).length / anytime.length) * 100).toFixed(2)} %`,
        seen.highest.because.map(({ type }) => type).join(' '),
      ]);
    }
    const peaks = calm.map(({ highest }) => highest.value);
    const ends = sorted(calm.map(({ attention }) => attention.at(-1)?.value ?? 0));
    const high = calm.filter(({ highest }) => highest.level === 'high').length;
    const figures: Figure[] = [
      figure('cheats', cheats.length, ''),
      figure('never noticed', never, ''),
      figure(`noticed later than ${NOTICED} s`, late, ''),
      figure('ranked below an honest sitting', below, ''),
      figure('AUC', auc(values, early), ''),
      figure(
        'AUC of the risk score at the end',
        auc(
          scores,
          calm.map(({ riskScore }) => riskScore),
        ),
        '',
      ),
      figure('honest: highest attention, p50', percentile(sorted(peaks), 50) ?? Number.NaN, ''),
      figure('honest: highest attention, p98', percentile(sorted(peaks), 98) ?? Number.NaN, ''),
      figure('honest: that reach high', (high / calm.length) * 100, '%'),
      figure('honest: attention at the end, p50', percentile(ends, 50) ?? Number.NaN, ''),
      ...falseIncidents(calm, secs),
    ];
    return {
      input: { honest: sessions, seconds: secs, cheats: cheats.length, policy: 'default' },
      figures,
      text: [
        table(['cheat', 'noticed, s', 'attention', 'rank', 'honest at or above, any time', 'because'], rows),
        table(
          ['figure', 'value'],
          figures.map(({ name, value, unit }) => [name, `${value?.toFixed(3)} ${unit}`]),
        ),
      ].join('\n\n'),
      errors: [],
    };
  },
};

/** By kind, per hour of one student. */
function falseIncidents(calm: readonly Watched[], secs: number): Figure[] {
  const counts = new Map<string, number>();
  for (const { events } of calm) for (const { type } of events) counts.set(type, (counts.get(type) ?? 0) + 1);
  const hours = (calm.length * secs) / 3600;
  return [...counts]
    .toSorted((a, b) => b[1] - a[1])
    .map(([type, count]) => figure(`honest: ${type} per student-hour`, count / hours, ''));
}
