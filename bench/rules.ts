import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { crc32 } from 'node:zlib';
import type { Detection } from '../models/jobs.ts';
import { Policy } from '../protocol/policy.ts';
import { applyRules, initialRules, type RulesState } from '../server/session/rules/rules.ts';
import { watchPicture } from '../server/session/rules/picture/picture.ts';
import { seeded } from '../simulator/draw/prng.ts';
import { postureAt, seenAs, sittingPerson } from '../simulator/fixtures/sitting-person.ts';
import { figure } from '../simulator/report/figure.ts';
import type { Benchmark } from './benchmark.ts';

const SECONDS = 1800;
const SESSIONS = 1000;
/** Bytes of a frame at 640x480 and quality 0.8. */
const FRAME_BYTES = 40_000;
const ROUNDS = 5;

/** CPU time of the rules for each analysed frame, and the memory that they keep of each session's pictures. */
export const rules: Benchmark = {
  name: 'rules',
  about: 'CPU time of the rules for each frame, and their memory for each session',
  async run({ sessions = SESSIONS, rounds = ROUNDS }, say) {
    const policy = Policy.parse({});
    const random = seeded(1);
    const person = sittingPerson(1, SECONDS, 1);
    const detections = Array.from({ length: SECONDS - 1 }, (_, i) => seenAs(postureAt(person, i + 1), random));
    say(`${SECONDS} frames of a person who reads, ${rounds} rounds`);
    const all = await cpuOf(rounds, () => void follow(policy, detections));
    const picture = await cpuOf(rounds, () => {
      let state = initialRules(0).picture;
      for (const [i, detection] of detections.entries())
        state = watchPicture(policy.frames, state, pictureOf(detection, i)).state;
    });
    const jpeg = Buffer.alloc(FRAME_BYTES, 7);
    const digest = await cpuOf(rounds, () => {
      for (let i = 0; i < detections.length; i++) {
        jpeg[i] = i;
        crc32(jpeg);
      }
    });
    const bytes = await memoryOf(sessions, () => follow(policy, detections.slice(0, 700)).picture);
    const perFrame = (ms: number) => ms / detections.length;
    return {
      input: { seconds: SECONDS, sessions, frameBytes: FRAME_BYTES },
      figures: [
        figure('rules', perFrame(all), 'CPU-ms/frame'),
        figure('of that, comparison of pictures', perFrame(picture), 'CPU-ms/frame'),
        figure('digest', perFrame(digest), 'CPU-ms/frame'),
        figure('memory of pictures', bytes, 'bytes/session'),
      ],
      errors: [],
    };
  },
};

const digestOf = (frame: number): number => (frame * 2_654_435_761) % 2 ** 32;

const pictureOf = (detection: Detection, i: number): Parameters<typeof watchPicture>[2] => ({
  detection,
  main: detection.faces[0],
  digest: digestOf(i),
  via: 'socket',
  isFrozen: false,
  before: undefined,
  at: i * 1000,
});

function follow(policy: Policy, detections: readonly Detection[]): RulesState {
  let state = initialRules(0);
  for (const [i, seen] of detections.entries()) {
    // A print of its own, as each answer of the models has.
    const detection = { ...seen, print: seen.print.slice() };
    const at = (i + 1) * 1000;
    state = applyRules(policy, state, { kind: 'frame', at, frameIntervalMs: 500 }).state;
    state = applyRules(policy, state, { kind: 'detection', detection, at, digest: digestOf(i) }).state;
  }
  return state;
}

/** Median CPU time of one round, ms. */
async function cpuOf(rounds: number, round: () => void): Promise<number> {
  round();
  const times: number[] = [];
  for (let i = 0; i < rounds; i++) {
    const before = process.cpuUsage();
    round();
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return times.sort((a, b) => a - b)[times.length >> 1]!;
}

/** Heap and buffers of one of so many values, bytes. */
async function memoryOf(count: number, make: () => unknown): Promise<number> {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  const used = async () => {
    // Buffers are freed by a thread, after the collection that finds them.
    for (let i = 0; i < 3; i++) {
      gc();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const values = Array.from({ length: count }, (): unknown => undefined);
  make();
  const before = await used();
  for (let i = 0; i < count; i++) values[i] = make();
  const bytes = ((await used()) - before) / count;
  return values.includes(undefined) ? Number.NaN : bytes;
}
