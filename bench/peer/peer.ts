import type { Benchmark, BenchOptions, BenchResult } from '../benchmark.ts';
import { modelsIfThere } from '../ceiling.ts';
import { clipOf } from '../clips.ts';
import { allOf, facesOneEach } from '../frame-list.ts';
import { PEER_DATABASE_URL, peerContender } from '../http/contender.ts';
import type { Clips } from '../lean/crowd.ts';
import { canReadStats } from '../../simulator/server/process-stats.ts';
import { UsageError } from '../../simulator/options.ts';
import { figureTable } from '../../simulator/report/table.ts';
import { compare, contenderFigures, ratioFigures } from './compare.ts';
import type { FrameContender } from './contender.ts';
import { ownContender, type OwnSide } from './own.ts';
import { postedContender } from './posted.ts';

const SECS = 10;
const ROUNDS = 5;
const STUDENTS = [16, 64];
const PEER = 'peer';
/** Each takes a second to create. */
const MOST_CLIPS = 24;

interface Pictures {
  /** As from cameras: each student has one picture, which sways a little. */
  readonly clips: Clips;
  /** A different picture in each frame, so that each needs a face search. */
  readonly mixed: Clips;
}

/** The default models, and the peer's detector at its side of 320 pixels if the weights are found. */
async function ownSides(
  databaseUrl: string,
  { clips, mixed }: Pictures,
  say: (line: string) => void,
): Promise<(OwnSide & { readonly clips: Clips })[]> {
  const env = { FACE_MODEL: undefined, GAZE_MODEL: undefined };
  const sides = [
    { name: 'invigil', databaseUrl, env, clips },
    { name: 'invigil, every frame another picture', databaseUrl, env, clips: mixed },
    {
      name: 'invigil with YuNet, every frame another picture',
      databaseUrl,
      env: { ...env, FACE_MODEL: 'yunet' },
      clips: mixed,
    },
  ];
  return (await modelsIfThere('yunet', 'own', say)) ? sides : sides.slice(0, 2);
}

async function run(
  { secs = SECS, rounds = ROUNDS, sessions, frames: folder, peer: place, peerPid }: BenchOptions,
  say: (line: string) => void,
): Promise<BenchResult> {
  if (!canReadStats()) throw new Error('processor time is read from /proc, which this system does not have');
  if (place === undefined) throw new UsageError('--peer is required: the URL of the peer, or its folder with run.sh');
  const frames = folder === undefined ? await facesOneEach(undefined, say) : await allOf(folder);
  const pictures: Pictures = {
    clips: frames.jpegs.slice(0, MOST_CLIPS).map((jpeg, index) => clipOf(jpeg, index + 1)),
    mixed: [frames.jpegs],
  };
  const plan = { secs, rounds, students: sessions === undefined ? STUDENTS : [sessions] };
  const most = Math.max(...plan.students);
  const contenders: FrameContender[] = [];
  const errors: string[] = [];
  try {
    say(`starting the peer; ${most} accounts and sessions`);
    const started = await peerContender(place, peerPid);
    try {
      contenders.push(await postedContender(started, most, pictures.clips));
    } catch (error) {
      await started.stop();
      throw error;
    }
    // The same PostgreSQL, unless another is given.
    for (const side of await ownSides(process.env['DATABASE_URL'] ?? PEER_DATABASE_URL, pictures, say))
      contenders.push(await ownContender(side, most, side.clips, say));
    const samples = await compare(contenders, plan, say, errors);
    const ratios = ratioFigures(samples, PEER);
    const figures = [...ratios, ...contenderFigures(samples)];
    return {
      input: {
        seconds: secs,
        rounds,
        students: plan.students,
        frames: frames.about,
        meanFrameBytes: frames.meanBytes,
        contenders: contenders.map(({ name }) => name),
      },
      figures,
      text: `${figureTable(contenderFigures(samples))}\n\n${figureTable(ratios)}`,
      errors,
    };
  } finally {
    // The peer's PostgreSQL last: it contains the others' databases.
    for (const contender of contenders.toReversed()) await contender.stop();
  }
}

/** Another image analysis system, on the same frames, machine and database server. */
export const peer: Benchmark = {
  name: 'peer',
  about:
    'another system (--peer) and this one, alternating, closed loop on the same frames: frames/s, latency, CPU time per frame, and the ratio',
  run,
};
