import { CAMERA_EVENTS, INCIDENTS } from '../../protocol/event-types.ts';
import type { Benchmark, BenchOptions, BenchResult } from '../benchmark.ts';
import { type Figure, figure } from '../../simulator/report/figure.ts';
import { percentile, sorted } from '../../simulator/report/percentile.ts';
import { table } from '../../simulator/report/table.ts';
import { CHEAT_SECONDS, cheatsOf } from './cheats.ts';
import { honest } from './honest.ts';
import { auc, rankOf } from './rank.ts';
import type { Cheat } from './script.ts';
import { SEEDS_OPTION, seedSet, SET } from './seeds.ts';
import { SAMPLE_SECONDS, watch, type Watched } from './watch.ts';

const HONEST = 200;
const HONEST_SECONDS = 7200;
/** Sittings are compared after so long, seconds; of a cheat, after it has begun. */
const COMPARED = 300;
/** An event of its kind must come within this time, seconds. */
const NOTICED = 30;

export const attentionAfter = ({ attention }: Watched, second: number) =>
  attention[Math.min(attention.length, Math.floor(second / SAMPLE_SECONDS)) - 1]?.value ?? 0;

/** Seconds from the beginning of a cheat to the first event of its kind. */
export function delayOf({ shows, from }: Pick<Cheat, 'shows' | 'from'>, { events }: Watched): number | undefined {
  const first = events.find((event) => shows.includes(event.type) && event.at >= from);
  return first && Math.max(0, first.at - from);
}

/** Events that say something untrue of somebody honest; what they did and what their line did is not among them. */
const FALSE: readonly string[] = [...INCIDENTS, ...CAMERA_EVENTS, 'CLIENT_STATE_MISSING', 'UNREPORTED_ABSENCE'];

/** Scripted cheats and honest sittings through the rules and the session's state, on a clock of their own. */
export const cheatsBenchmark: Benchmark = {
  name: 'cheats',
  about: 'attention of scripted cheats beside honest sittings of two hours: delay, rank, AUC, false incidents',
  ownOptions: SEEDS_OPTION,

  async run({ sessions = HONEST, secs = HONEST_SECONDS, own }: BenchOptions, say): Promise<BenchResult> {
    const set = seedSet(own);
    const cheats = cheatsOf(set);
    const calm: Watched[] = [];
    const before: Watched[] = [];
    for (let seed = 1; seed <= sessions; seed++) {
      const sitting = honest(set * SET + seed, secs);
      calm.push(watch(sitting.script, sitting.seed, secs));
      before.push(watch(sitting.script, sitting.seed, secs, { before: true }));
      if (seed % 20 === 0) say(`${seed} honest sittings`);
    }
    const anytime = sorted(calm.flatMap(({ attention }) => attention.map(({ value }) => value)));
    const ranked = cheats.map((cheat) => {
      const seen = watch(cheat.script, cheat.seed, CHEAT_SECONDS);
      const second = cheat.from + COMPARED;
      const value = attentionAfter(seen, second);
      const others = calm.map((one) => attentionAfter(one, second));
      return {
        cheat,
        seen,
        value,
        delay: delayOf(cheat, seen),
        delayBefore: delayOf(cheat, watch(cheat.script, cheat.seed, CHEAT_SECONDS, { before: true })),
        rank: rankOf(value, others),
        auc: auc([value], others),
      };
    });
    const proof = ranked.filter(({ cheat }) => cheat.noticed !== 'hint');
    const soon = ranked.filter(({ cheat }) => cheat.noticed !== 'late');
    const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    const peaks = sorted(calm.map(({ highest }) => highest.value));
    // Those who have gone without "Finish" are away until the deadline ends their sessions.
    const ends = (stayed: boolean) =>
      percentile(
        sorted(calm.filter((one) => one.stayed === stayed).map(({ attention }) => attention.at(-1)?.value ?? 0)),
        50,
      ) ?? Number.NaN;
    const high = calm.filter(({ highest }) => highest.level === 'high').length;
    const figures: Figure[] = [
      figure('cheats', cheats.length, ''),
      figure('of that, hints', ranked.length - proof.length, ''),
      figure('never noticed', ranked.filter(({ delay }) => delay === undefined).length, ''),
      figure('never noticed, before', ranked.filter(({ delayBefore }) => delayBefore === undefined).length, ''),
      figure(`noticed later than ${NOTICED} s`, soon.filter(({ delay = 0 }) => delay > NOTICED).length, ''),
      figure('slow kinds, longest delay', Math.max(...ranked.map(({ delay = 0 }) => delay)), 's'),
      figure('ranked below an honest sitting', proof.filter(({ rank }) => rank > 1).length, ''),
      figure('AUC', mean(proof.map((one) => one.auc)), ''),
      figure('AUC with hints', mean(ranked.map((one) => one.auc)), ''),
      figure(
        'AUC of the risk score at the end',
        auc(
          ranked.map(({ seen }) => seen.riskScore),
          calm.map(({ riskScore }) => riskScore),
        ),
        '',
      ),
      figure('honest: highest attention, p50', percentile(peaks, 50) ?? Number.NaN, ''),
      figure('honest: highest attention, p98', percentile(peaks, 98) ?? Number.NaN, ''),
      figure('honest: that reach high', (high / calm.length) * 100, '%'),
      figure('honest: attention at the end, p50', ends(true), ''),
      figure('honest, gone before: attention just before the end, p50', ends(false), ''),
      ...falseIncidents(calm, before, secs),
    ];
    const rows = ranked.map(({ cheat, seen, value, delay, delayBefore, rank }) => [
      cheat.name,
      cheat.noticed,
      delayBefore?.toFixed(0) ?? 'never',
      delay?.toFixed(0) ?? 'never',
      value.toFixed(1),
      String(rank),
      `${((anytime.filter((other) => other >= value).length / anytime.length) * 100).toFixed(2)} %`,
      seen.highest.because.map(({ type }) => type).join(' '),
    ]);
    return {
      input: { honest: sessions, seconds: secs, cheats: cheats.length, seeds: set, policy: 'default' },
      figures,
      text: [
        table(
          ['cheat', 'kind', 'before, s', 'noticed, s', 'attention', 'rank', 'honest at or above, any time', 'because'],
          rows,
        ),
        table(
          ['figure', 'value'],
          figures.map(({ name, value, unit }) => [name, `${value?.toFixed(3)} ${unit}`]),
        ),
      ].join('\n\n'),
      errors: [],
    };
  },
};

/** By kind, per hour of one student, by the present rules and by those before decisions 0136 and 0137. */
export function falseIncidents(calm: readonly Watched[], before: readonly Watched[], secs: number): Figure[] {
  const hours = (calm.length * secs) / 3600;
  const rate = (sittings: readonly Watched[], type: string) =>
    sittings.reduce((sum, { events }) => sum + events.filter((event) => event.type === type).length, 0) / hours;
  return FALSE.map((type) => ({ type, now: rate(calm, type), past: rate(before, type) }))
    .filter(({ now, past }) => now > 0 || past > 0)
    .toSorted((a, b) => b.now - a.now)
    .flatMap(({ type, now, past }) => [
      figure(`honest: ${type} per student-hour, before`, past, ''),
      figure(`honest: ${type} per student-hour`, now, ''),
    ]);
}
