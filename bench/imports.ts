import { type Figure, figure } from '../simulator/report/figure.ts';
import type { Benchmark, BenchOptions, BenchResult } from './benchmark.ts';
import { cpuEach } from './cpu-meter.ts';
import { seedDatabase } from './seeded/database.ts';
import { SeededServer } from './seeded/server.ts';

/** Rows of each file. */
const ROWS = 5000;
/** In a second. */
const MS = 1000;

const file = (header: string, count: number, row: (n: number) => string): string =>
  [header, ...Array.from({ length: count }, (_, n) => row(n)), ''].join('\n');

const people = (count: number, name: string) =>
  file('email,name,student number,external id', count, (n) => `p${n}@example.org,${name} ${n},S${n},x${n}`);
const enrolments = (count: number) =>
  file('email,room,seat,extra minutes', count, (n) => `p${n}@example.org,Room ${n % 20},${n},${n % 7}`);

/** Wall and processor time of imports as an exam office makes them. */
export const imports: Benchmark = {
  name: 'imports',
  about: `time of imports of ${ROWS} people and ${ROWS} enrolments: new, unchanged, renamed`,

  async run({ limit: rows = ROWS }: BenchOptions, say): Promise<BenchResult> {
    const errors: string[] = [];
    const url = process.env['DATABASE_URL'];
    const database = await seedDatabase(url, []);
    try {
      const server = await SeededServer.start(database, { env: { VISION: 'off' }, say, errors });
      try {
        const headers = { authorization: `Bearer ${await server.token(database.admin, 'admin')}` };
        const send = async (path: string, body: FormData | string) => {
          const answer = await fetch(server.url + path, {
            method: 'POST',
            headers: { ...headers, ...(typeof body === 'string' && { 'content-type': 'application/json' }) },
            body,
          });
          const text = await answer.text();
          if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text.slice(0, 300)}`);
          return JSON.parse(text) as { id: string };
        };
        const exam = await send('/api/exams', JSON.stringify({ title: 'Imported', status: 'draft' }));
        const figures: Figure[] = [];
        const measure = async (name: string, act: 'preview' | 'apply', kind: string, text: string) => {
          const form = new FormData();
          form.set('kind', kind);
          if (kind === 'enrolments') form.set('examId', exam.id);
          form.set('file', new Blob([text]), 'import.csv');
          const cpu = server.cpu();
          const from = performance.now();
          await send(`/api/import/${act}`, form);
          const wall = (performance.now() - from) / 1000;
          const { main, database: stored } = cpuEach(cpu, server.cpu(), MS);
          figures.push(figure(`${name}: time`, wall, 's'), figure(`${name}: CPU time of the server`, main, 's'));
          if (url !== undefined) figures.push(figure(`${name}: CPU time of the database`, stored, 's'));
          say(name);
        };
        await measure('preview of new people', 'preview', 'people', people(rows, 'Person'));
        await measure('new people', 'apply', 'people', people(rows, 'Person'));
        await measure('unchanged people', 'apply', 'people', people(rows, 'Person'));
        await measure('renamed people', 'apply', 'people', people(rows, 'Renamed'));
        await measure('new enrolments', 'apply', 'enrolments', enrolments(rows));
        await measure('unchanged enrolments', 'apply', 'enrolments', enrolments(rows));
        return { input: { rows, database: url === undefined ? 'pglite' : 'postgres' }, figures, errors };
      } finally {
        await server.stop();
      }
    } finally {
      await database.remove();
    }
  },
};
