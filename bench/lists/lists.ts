import type { Benchmark, BenchOptions, BenchResult } from '../benchmark.ts';
import { type Figure, figure } from '../../simulator/report/figure.ts';
import { percentile, sorted } from '../../simulator/report/percentile.ts';
import { table } from '../../simulator/report/table.ts';
import { SeededServer } from '../seeded/server.ts';
import { PAGES } from './pages.ts';
import { type SeededLists, type Sizes, seedLists } from './seed.ts';

const SMALL: Sizes = { people: 1000, sessions: 500 };
const LARGE: Sizes = { people: 100_000, sessions: 50_000 };
/** Requests of each page and installation; the servers take turns. */
const ROUNDS = 60;
/** Not counted: plans, caches and compiled code. Fewer in a quick run. */
const WARM_UP = 5;
/** Goal: the p95 with many rows over that with few. */
const GOAL = 3;

interface Site {
  readonly seeded: SeededLists;
  readonly server: SeededServer;
  readonly token: string;
}

async function open(sizes: Sizes, say: (line: string) => void, errors: string[]): Promise<Site> {
  const seeded = await seedLists(process.env['DATABASE_URL'], sizes, say);
  try {
    const server = await SeededServer.start(seeded.database, { env: { VISION: 'off' }, say, errors });
    return { seeded, server, token: await server.token(seeded.admin, 'admin') };
  } catch (error) {
    await seeded.database.remove();
    throw error;
  }
}

async function time({ seeded, server, token }: Site, path: (site: SeededLists) => string): Promise<number> {
  const from = performance.now();
  const answer = await fetch(server.url + path(seeded), { headers: { authorization: `Bearer ${token}` } });
  const body = await answer.text();
  if (answer.status !== 200) throw new Error(`${path(seeded)}: ${answer.status} ${body.slice(0, 200)}`);
  return performance.now() - from;
}

/** Times of lists with few and with many rows, in turns. */
export const lists: Benchmark = {
  name: 'lists',
  about: `p95 of each list with ${LARGE.people} people and ${LARGE.sessions} sessions over that with ${SMALL.people} and ${SMALL.sessions}`,

  async run({ rounds = ROUNDS, limit }: BenchOptions, say): Promise<BenchResult> {
    const errors: string[] = [];
    const large = limit === undefined ? LARGE : { people: limit, sessions: Math.ceil(limit / 2) };
    const sites: Site[] = [];
    try {
      for (const sizes of [SMALL, large]) sites.push(await open(sizes, say, errors));
      const rows: string[][] = [];
      const figures: Figure[] = [];
      for (const { name, path } of PAGES) {
        const times = sites.map((): number[] => []);
        for (let round = -Math.min(WARM_UP, rounds); round < rounds; round++)
          for (const [n, site] of sites.entries()) {
            const ms = await time(site, path);
            if (round >= 0) times[n]!.push(ms);
          }
        const [few, many] = times.map((all) => percentile(sorted(all), 95) ?? Number.NaN) as [number, number];
        figures.push(figure(`${name}: few, p95`, few, 'ms'), figure(`${name}: many, p95`, many, 'ms'));
        figures.push(figure(`${name}: ratio`, many / few, ''));
        rows.push([
          name,
          few.toFixed(1),
          many.toFixed(1),
          `${(many / few).toFixed(1)}${many / few > GOAL ? ' !' : ''}`,
        ]);
      }
      return {
        input: { small: SMALL, large, rounds, database: process.env['DATABASE_URL'] ? 'postgres' : 'pglite' },
        figures,
        text: table(['list', 'few, p95 ms', 'many, p95 ms', 'ratio'], rows),
        errors,
      };
    } finally {
      for (const { server, seeded } of sites) {
        await server.stop();
        await seeded.database.remove();
      }
    }
  },
};
