import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { User } from '../../protocol/http/accounts.ts';
import type { Exam } from '../../protocol/http/exams.ts';
import { fewFrames } from './few-frames.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';
import type { BenchOptions, BenchResult } from '../../bench/benchmark.ts';
import { load, runAll } from '../../bench/load/load.ts';
import type { LoadPart } from '../../bench/load/part.ts';

const frames = fewFrames();
const folder = mkdtempSync(join(tmpdir(), 'invigil-load-'));
const SLOW = { timeout: 120_000 };
let site: TestServer;

beforeAll(async () => {
  site = await startTestServer({ vision: true, env: { SOCKETS_PER_ADDRESS: '6' } });
});
afterAll(async () => {
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});

const tokenFile = (): string => {
  const file = join(folder, 'token');
  writeFileSync(file, `${site.admin.tokens!.accessToken}\n`);
  return file;
};

const options = (own: Record<string, string>, more: Partial<BenchOptions> = {}): BenchOptions => ({
  secs: 6,
  fps: 2,
  frames,
  sessions: undefined,
  data: undefined,
  limit: undefined,
  own: { url: site.url, 'token-file': tokenFile(), ...own },
  ...more,
});

const of = ({ figures }: BenchResult, name: string): number | null | undefined =>
  figures.find((figure) => figure.name === name)?.value;
const checksOf = (result: BenchResult): Record<string, boolean> =>
  Object.fromEntries(
    (result.more!['verdict'] as { checks: { name: string; ok: boolean }[] }).checks.map(({ name, ok }) => [name, ok]),
  );

/** Leftovers of all load tests so far: exams, and accounts that could still log in. */
async function leftOnServer(): Promise<{ exams: string[]; enabled: string[]; disabled: number }> {
  const { items: exams } = await site.admin.get<{ items: Exam[] }>('/api/exams?limit=100');
  const { items: users } = await site.admin.get<{ items: User[] }>('/api/users?limit=100&q=load-test-');
  const enabled = users.filter(({ disabledAt }) => disabledAt === null).map(({ email }) => email);
  return { exams: exams.map(({ title }) => title), enabled, disabled: users.length - enabled.length };
}

test(
  'load test: three students give figures, series, a verdict and a report page, and the exam is deleted',
  SLOW,
  async () => {
    const html = join(folder, 'report.html');
    const result = await runAll(options({ students: '3', ramp: '1', script: 'switches-tabs', html }), () => {}, {});
    expect(result.errors).toEqual([]);
    expect(result.input).toMatchObject({
      url: site.url,
      students: 3,
      fps: 2,
      secs: 6,
      ramp: 1,
      script: 'switches-tabs',
    });
    expect(JSON.stringify(result)).not.toContain(site.admin.tokens!.accessToken);

    expect(checksOf(result)).toMatchObject({
      'no error': true,
      'everybody connected': true,
      'every signal acknowledged': true,
      'no connection ended by itself': true,
      'no limit of the server was met': true,
    });
    expect(of(result, 'connections made')).toBe(3);
    // Three students, two frames a second; the number sent and analysed in time on a busy machine is not asserted.
    const due = of(result, 'frames due, of those connected')!;
    expect(due).toBeGreaterThan(0);
    expect(due).toBeLessThanOrEqual(6.5);
    expect(of(result, 'frames analysed in all')).toBeGreaterThan(0);
    expect(of(result, 'send to analysis, p99')).toBeGreaterThan(0);
    expect(of(result, 'signals acknowledged')).toBeGreaterThan(0);
    expect(of(result, 'signal to acknowledgement, p99')).toBeGreaterThan(0);
    expect(of(result, 'server, a frame waits for its turn')).toBeGreaterThanOrEqual(0);

    const { verdict, series, serverFigures, leftBehind } = result.more as {
      verdict: { ok: boolean; sentence: string; checks: { ok: boolean }[] };
      series: {
        points: { t: number; live: number; sent: number; server?: { cores: number } }[];
        marks: { ramped: number; measured: number };
      };
      serverFigures: { name: string; before: number; after: number }[];
      leftBehind: string[];
    };
    expect(result.ok).toBe(verdict.ok);
    expect(verdict.ok).toBe(verdict.checks.every(({ ok }) => ok));
    expect(verdict.sentence).toContain('3 students at 2 frames/s');
    expect(series.points.length).toBeGreaterThanOrEqual(5);
    expect(Math.max(...series.points.map(({ live }) => live))).toBe(3);
    expect(series.points.some(({ server }) => (server?.cores ?? 0) > 0)).toBe(true);
    expect(series.marks.measured - series.marks.ramped).toBeGreaterThanOrEqual(6);
    const analysed = serverFigures.find(({ name }) => name === 'frames analysed')!;
    // A frame analysed while its student finishes is reported to no client.
    expect(analysed.after - analysed.before).toBeGreaterThanOrEqual(of(result, 'frames analysed in all')!);
    expect(analysed.after - analysed.before).toBeLessThanOrEqual(of(result, 'frames sent in all')!);
    expect(readFileSync(html, 'utf8')).toContain(verdict.sentence);

    // The file of this run, and of another with the same results.
    const files = ['one', 'two'].map((name) => join(folder, `${name}.json`));
    for (const [index, file] of files.entries())
      writeFileSync(
        file,
        JSON.stringify({ ...result.more, part: { ...(result.more!['part'] as LoadPart), run: `run-${index}` } }),
      );
    const merged = await load.run({ ...options({}), args: ['merge', ...files] }, () => {});
    expect(of(merged, 'students')).toBe(6);
    expect(of(merged, 'frames analysed')).toBeCloseTo(2 * of(result, 'frames analysed')!, 1);
    expect(of(merged, 'send to analysis, p99')).toBeCloseTo(of(result, 'send to analysis, p99')!, 0);
    await expect(load.run({ ...options({}), args: ['merge', files[0]!, html] }, () => {})).rejects.toThrow(
      /report.html/,
    );

    expect(leftBehind).toEqual([
      expect.stringMatching(/^3 accounts, disabled, .*load-test-[0-9a-f]{8}-\*@load-test\.invalid$/),
      expect.stringContaining('audit log'),
    ]);
    expect(await leftOnServer()).toEqual({ exams: [], enabled: [], disabled: 3 });
  },
);

test('load test: interrupting it writes a report of the measurements so far and deletes the exam', SLOW, async () => {
  const stop = new AbortController();
  const said: string[] = [];
  const running = runAll(
    options({ students: '2', ramp: '0' }, { secs: 300, stop: stop.signal }),
    (line) => said.push(line),
    {},
  );
  await waitFor('two students', () => said.some((line) => line.includes('live 2/2')));
  // A token of 15 minutes outlasts these 300 s.
  expect(said.join('\n')).not.toContain('the token expires before');
  stop.abort();
  const result = await running;
  expect(result.more).toMatchObject({ endedEarly: true, series: { marks: { measured: expect.any(Number) } } });
  expect(of(result, 'measured for')).toBeLessThan(60);
  expect(of(result, 'frames sent in all')).toBeGreaterThan(0);
  expect(await leftOnServer()).toMatchObject({ exams: [], enabled: [] });
});

test(
  'load test: interrupting it before any student is connected gives no verdict and deletes the exam',
  SLOW,
  async () => {
    const stop = new AbortController();
    const said: string[] = [];
    const running = runAll(
      options({ students: '2', ramp: '60' }, { secs: 3600, stop: stop.signal }),
      (line) => said.push(line),
      {},
    );
    await waitFor('accounts', () => said.includes('accounts and sessions: 2 of 2'));
    expect(said.join('\n')).toContain('the token expires before the run ends');
    stop.abort();
    const { ok, more } = await running;
    expect(ok).toBe(false);
    expect((more!['verdict'] as { sentence: string }).sentence).toBe(
      'No verdict on 2 students at 2 frames/s: not everybody was connected when it ended.',
    );
    expect(await leftOnServer()).toMatchObject({ exams: [], enabled: [] });
  },
);

test('load test: a limit per address is reported with its setting and ends the run at once', SLOW, async () => {
  const said: string[] = [];
  const result = await runAll(
    // A verdict takes 5 s; what is measured is a little less than the run.
    options({ students: '8', ramp: '0', script: 'attentive' }, { secs: 7, fps: 0.5 }),
    (line) => said.push(line),
    {},
  );
  expect(result.ok).toBe(false);
  expect(said.join('\n')).toMatch(/a limit of the server was reached \d+ times: SOCKETS_PER_ADDRESS: /);
  const { verdict } = result.more as { verdict: { sentence: string } };
  expect(verdict.sentence).toContain('This server does not handle 8 students at 0.5 frames/s: ');
  expect(verdict.sentence).toMatch(/of 8 students never connected/);
  expect(verdict.sentence).toContain('SOCKETS_PER_ADDRESS');
  expect(checksOf(result)).toMatchObject({ 'everybody connected': false, 'no limit of the server was met': false });
  expect(await leftOnServer()).toMatchObject({ exams: [], enabled: [] });
});

test('load test: without the rights of an admin nothing is created', SLOW, async () => {
  const proctor = await site.proctor();
  const before = await leftOnServer();
  await expect(
    runAll(options({ 'token-file': '' }), () => {}, { INVIGIL_ADMIN_TOKEN: proctor.tokens!.accessToken }),
  ).rejects.toThrow(/is a proctor: .* requires an admin/);
  await expect(runAll(options({ 'token-file': '' }), () => {}, { INVIGIL_ADMIN_TOKEN: 'made up' })).rejects.toThrow(
    /rejects this token/,
  );
  await expect(runAll(options({ 'token-file': '' }), () => {}, {})).rejects.toThrow(/no admin: give --admin/);
  await expect(runAll(options({ html: join(folder, 'nowhere', 'report.html') }), () => {}, {})).rejects.toThrow(
    /ENOENT/,
  );
  await expect(runAll(options({ 'token-file': join(folder, 'nowhere') }), () => {}, {})).rejects.toThrow(
    /cannot be read: ENOENT/,
  );
  expect(await leftOnServer()).toEqual(before);
});
