import pLimit from 'p-limit';
import { cpuEach, readCpu } from '../cpu-meter.ts';
import type { Contender } from '../http/contender.ts';
import { makeExams, makeSession } from '../http/proctorbe.ts';
import type { Clips } from '../lean/crowd.ts';
import { pause, period } from '../lean/stretch.ts';
import { childrenOf } from '../../simulator/server/process-stats.ts';
import { type FrameContender, type PeerSample, percentiles, WARM_UP_MS } from './contender.ts';
import { balancedConnections, formOf, Poster, type PostingStudent } from './poster.ts';

/** Each registration hashes a password. */
const REGISTER_AT_ONCE = 8;

/** A server with ProctorBE's API, which takes frames as posted forms. @param most maximum number of students */
export async function postedContender(contender: Contender, most: number, clips: Clips): Promise<FrameContender> {
  const exam = await makeExams(contender.url, contender.token, 1);
  const limit = pLimit(REGISTER_AT_ONCE);
  const students = await Promise.all(Array.from({ length: most }, () => limit(() => makeSession(contender.url, exam))));
  const forms = clips.map((jpegs) => jpegs.map(formOf));
  return {
    name: contender.name,
    measure: (count, secs) => measure(contender, students.slice(0, count), forms, secs),
    stop: () => contender.stop(),
  };
}

async function measure(
  { url, pids }: Contender,
  students: readonly PostingStudent[],
  forms: readonly (readonly Buffer[])[],
  secs: number,
): Promise<PeerSample> {
  const [server = 0, database] = pids;
  const workers = Math.max(1, childrenOf(server).length);
  const connections = await balancedConnections(url, students.length, workers);
  const posters = students.map(
    (student, index) => new Poster(connections[index]!, student, forms[index % forms.length]!),
  );
  let isOver = false;
  const runs = posters.map((poster, index) => poster.run(index * 7, () => isOver));
  await pause(Math.min(WARM_UP_MS, secs * 1000));
  for (const poster of posters) poster.recount();
  const before = readCpu(server, database);
  const began = performance.now();
  await period(secs, () => posters.reduce((sum, { latencies }) => sum + latencies.length, 0));
  const seconds = (performance.now() - began) / 1000;
  const after = readCpu(server, database);
  const latencies = posters.flatMap((poster) => poster.latencies);
  const failures = posters.flatMap((poster) => poster.failures);
  isOver = true;
  await Promise.all(runs);
  for (const poster of posters) poster.close();
  const errors = [...new Set(failures)].map(
    (status) => `${failures.filter((other) => other === status).length} x ${status || 'connection lost'}`,
  );
  return {
    perSecond: latencies.length / seconds,
    ...percentiles(latencies),
    cpu: cpuEach(before, after, latencies.length),
    followed: null,
    errors,
  };
}
