import type { Benchmark, BenchOptions, BenchResult } from '../benchmark.ts';
import { figure } from '../../simulator/report/figure.ts';
import { median } from '../../simulator/report/percentile.ts';
import { canReadStats, treeCpuMs } from '../../simulator/server/process-stats.ts';
import { requestBytes } from './connection.ts';
import { type Contender, ownContender, peerContender } from './contender.ts';
import { makeExams, makeSession } from './proctorbe.ts';
import { load } from './load.ts';

const SECS = 5;
const ROUNDS = 5;
/** Warm-up before the first round: compilation and opening of connections, s. */
const WARM_UP_S = 2;
/** Students with one session and one connection each. */
const SESSIONS = 64;
const EXAMS = 20;

interface Work {
  readonly name: string;
  /** One list of requests per connection. */
  readonly requests: readonly (readonly Uint8Array[])[];
}

interface Sample {
  readonly perSecond: number;
  /** Requests per second of CPU time, of the server and PostgreSQL together. */
  readonly perCpuSecond: number;
}

async function prepare({ url, token }: Contender, sessions: number): Promise<Work[]> {
  const forAll = (bytes: Uint8Array): Uint8Array[][] => Array.from({ length: sessions }, () => [bytes]);
  const exam = await makeExams(url, token, EXAMS);
  const students = await Promise.all(Array.from({ length: sessions }, () => makeSession(url, exam)));
  return [
    { name: 'GET /', requests: forAll(requestBytes('GET', '/')) },
    { name: 'GET /exams/', requests: forAll(requestBytes('GET', '/exams/')) },
    {
      name: 'POST /events/',
      requests: students.map(({ token: own, session }) => [
        requestBytes('POST', `/events/?session_id=${session}&event_type=TAB_SWITCH&severity=2`, own),
      ]),
    },
  ];
}

async function measure(
  { url, pids }: Contender,
  { requests }: Work,
  secs: number,
): Promise<{ sample: Sample; errors: ReadonlyMap<number, number> }> {
  const cpu = () => pids.reduce((sum, pid) => sum + treeCpuMs(pid), 0);
  const before = cpu();
  const { answered, seconds, errors } = await load(url, requests, secs);
  const spent = (cpu() - before) / 1000;
  return { sample: { perSecond: answered / seconds, perCpuSecond: spent > 0 ? answered / spent : Number.NaN }, errors };
}

interface Plan {
  readonly secs: number;
  readonly rounds: number;
  readonly sessions: number;
}

/**
 * The contenders alternate, so that other load on the machine affects all of them. @returns samples by contender and
 * work
 */
async function compare(
  contenders: readonly Contender[],
  { secs, rounds, sessions }: Plan,
  say: (line: string) => void,
  errors: string[],
): Promise<Map<string, Sample[]>> {
  const samples = new Map<string, Sample[]>();
  const works = new Map<Contender, Work[]>();
  for (const contender of contenders) {
    say(`${contender.name}: accounts and sessions`);
    works.set(contender, await prepare(contender, sessions));
    for (const work of works.get(contender) ?? []) await load(contender.url, work.requests, Math.min(WARM_UP_S, secs));
  }
  const kinds = works.get(contenders[0]!)?.length ?? 0;
  for (let round = 1; round <= rounds; round++) {
    for (let kind = 0; kind < kinds; kind++) {
      for (const contender of contenders) {
        const work = works.get(contender)![kind]!;
        const { sample, errors: failed } = await measure(contender, work, secs);
        const key = `${contender.name}, ${work.name}`;
        samples.set(key, [...(samples.get(key) ?? []), sample]);
        errors.push(...[...failed].map(([status, count]) => `${key}: ${count} x ${status || 'connection lost'}`));
        say(`${round}/${rounds} ${key}: ${Math.round(sample.perSecond)}/s, ${Math.round(sample.perCpuSecond)}/CPU s`);
      }
    }
  }
  return samples;
}

function figures(
  contenders: readonly Contender[],
  samples: ReadonlyMap<string, readonly Sample[]>,
): BenchResult['figures'] {
  const middle = (key: string, of: keyof Sample) =>
    median((samples.get(key) ?? []).map((sample) => sample[of]).filter(Number.isFinite));
  const works = [...samples.keys()]
    .filter((key) => key.startsWith(`${contenders[0]?.name}, `))
    .map((key) => key.slice(`${contenders[0]?.name}, `.length));
  const peer = contenders.find(({ name }) => name === 'peer');
  return works.flatMap((work) =>
    contenders.flatMap(({ name }) => {
      const key = `${name}, ${work}`;
      const theirs = peer && peer.name !== name ? middle(`peer, ${work}`, 'perCpuSecond') : null;
      const ours = middle(key, 'perCpuSecond');
      return [
        figure(key, middle(key, 'perSecond'), 'requests/s'),
        figure(key, ours, 'requests/CPU s'),
        ...(theirs !== null && ours !== null
          ? [figure(`${key}, beside the peer`, ours / theirs, 'x its requests/CPU s')]
          : []),
      ];
    }),
  );
}

async function run(
  { secs = SECS, rounds = ROUNDS, sessions = SESSIONS, peer, peerPid }: BenchOptions,
  say: (line: string) => void,
): Promise<BenchResult> {
  if (!canReadStats()) throw new Error('processor time is read from /proc, which this system does not have');
  const databaseUrl = process.env['DATABASE_URL'];
  const contenders: Contender[] = [];
  const errors: string[] = [];
  try {
    if (databaseUrl) contenders.push(await ownContender(databaseUrl, say));
    contenders.push(await ownContender(undefined, say));
    if (peer) contenders.push(await peerContender(peer, peerPid));
    const samples = await compare(contenders, { secs, rounds, sessions }, say, errors);
    return {
      input: { seconds: secs, rounds, sessions, exams: EXAMS, contenders: contenders.map(({ name }) => name) },
      figures: figures(contenders, samples),
      errors,
    };
  } finally {
    for (const contender of contenders) await contender.stop();
  }
}

/** Small requests over ProctorBE's paths: cost of a request without image analysis. */
export const http: Benchmark = {
  name: 'http',
  about:
    'small requests: unauthenticated reads and event posts, per second and per CPU second; compared with another server with --peer',
  run,
};
