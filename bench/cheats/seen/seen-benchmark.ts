import { seeded } from '../../../simulator/draw/prng.ts';
import { type Figure, figure } from '../../../simulator/report/figure.ts';
import { table } from '../../../simulator/report/table.ts';
import type { Benchmark, BenchOptions, BenchResult } from '../../benchmark.ts';
import { attentionAfter, delayOf, falseIncidents } from '../cheats-benchmark.ts';
import { auc, rankOf } from '../rank.ts';
import type { Second } from '../script.ts';
import { SEEDS_OPTION, seedSet, SET } from '../seeds.ts';
import { watch, type Watched } from '../watch.ts';
import { drawnCheats } from './cheats.ts';
import { honestDrawn } from './drawn.ts';
import { Eye } from './eye.ts';
import { PHOTOS, photoCheats } from './photos.ts';
import type { SeenCheat, SeenSitting } from './script.ts';

const HONEST = 12;
const SECONDS = 300;

/** The same as `cheats`, on pictures: drawn people, and photos where they are at hand, through the server's models. */
export const cheatsSeen: Benchmark = {
  name: 'cheats-seen',
  about: 'cheats and honest sittings as drawn pictures (and photos), through the models: delay, rank, AUC',
  ownOptions: SEEDS_OPTION,

  async run(
    { sessions = HONEST, secs = SECONDS, limit, frames = PHOTOS, own }: BenchOptions,
    say,
  ): Promise<BenchResult> {
    const from = seedSet(own) * SET;
    const eye = await Eye.open();
    const calm: Watched[] = [];
    const before: Watched[] = [];
    for (let seed = 1; seed <= sessions; seed++) {
      const seconds = await seenBy(eye, honestDrawn(from + seed, secs), secs);
      calm.push(played(seconds, from + seed, secs));
      before.push(played(seconds, from + seed, secs, true));
      say(`honest sitting ${seed}`);
    }
    const others = calm.map((one) => attentionAfter(one, secs));
    const rows: string[][] = [];
    const group = async (kind: string, cheats: readonly SeenCheat[]): Promise<Figure[]> => {
      const values: number[] = [];
      let never = 0;
      for (const cheat of cheats.slice(0, limit)) {
        const seen = played(await seenBy(eye, cheat, secs), cheat.seed, secs);
        const value = attentionAfter(seen, secs);
        const delay = delayOf(cheat, seen);
        values.push(value);
        if (delay === undefined) never += 1;
        const because = seen.highest.because.map(({ type }) => type).join(' ');
        rows.push([cheat.name, delay?.toFixed(0) ?? 'never', value.toFixed(1), String(rankOf(value, others)), because]);
        say(cheat.name);
      }
      return [
        figure(`${kind}: cheats`, values.length, ''),
        figure(`${kind}: never noticed as their kind`, never, ''),
        figure(
          `${kind}: ranked below an honest sitting`,
          values.filter((value) => rankOf(value, others) > 1).length,
          '',
        ),
        figure(`${kind}: AUC`, auc(values, others), ''),
      ];
    };
    const drawn = await group('drawn', drawnCheats(secs, from));
    const photos = photoCheats(frames, from);
    if (!photos) say(`no photos in ${frames}: skipped`);
    const figures: Figure[] = [
      ...drawn,
      ...(photos ? await group('photos', photos) : []),
      figure('honest: attention, highest', Math.max(...calm.map(({ highest }) => highest.value)), ''),
      ...falseIncidents(calm, before, secs),
    ];
    return {
      input: {
        honest: sessions,
        seconds: secs,
        seeds: from / SET,
        photos: photos ? frames : 'none',
        policy: 'default',
      },
      figures,
      text: [
        table(['cheat', 'noticed, s', 'attention', 'rank', 'because'], rows),
        table(
          ['figure', 'value'],
          figures.map(({ name, value, unit }) => [name, `${value?.toFixed(3)} ${unit}`]),
        ),
        ...(photos ? [] : [`photos: none in ${frames}`]),
      ].join('\n\n'),
      errors: [],
    };
  },
};

async function seenBy(eye: Eye, { script, seed }: SeenSitting, seconds: number): Promise<Second[]> {
  const random = seeded(seed);
  const all: Second[] = [];
  for (let second = 1; second <= seconds; second++) {
    const { picture, ...rest } = script(second + random() * 0.2, random);
    all.push({ ...rest, frame: picture && (await eye.see(picture)) });
  }
  return all;
}

const played = (seconds: readonly Second[], seed: number, length: number, before = false): Watched =>
  watch((second) => seconds[second - 1]!, seed, length, { before });
