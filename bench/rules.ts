import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { crc32 } from 'node:zlib';
import type { Detection } from '../models/jobs.ts';
import { Policy } from '../protocol/policy.ts';
import { applyRules, initialRules, type Observation, type RulesState } from '../server/session/rules/rules.ts';
import { watchPicture } from '../server/session/rules/picture/picture.ts';
import { seeded } from '../simulator/draw/prng.ts';
import { postureAt, seenAs, sittingPerson } from '../simulator/fixtures/sitting-person.ts';
import { figure } from '../simulator/report/figure.ts';
import { figureTable } from '../simulator/report/table.ts';
import type { Benchmark } from './benchmark.ts';
import { applyHolds, type HoldState, initialHolds } from './cheats/hold-rules.ts';

const SECONDS = 1800;
const SESSIONS = 4000;
/** Bytes of a frame at 640x480 and quality 0.8. */
const FRAME_BYTES = 40_000;
const ROUNDS = 5;

/** What the rules may cost more than those before decisions 0136 and 0137. */
const BUDGET = { cpuMs: 0.05, bytes: 2048 } as const;

/** CPU time of the rules for each analysed frame, and their memory for each session, beside those before. */
export const rules: Benchmark = {
  name: 'rules',
  about:
    'CPU time of the rules for each frame, and their memory for each session, before and after, against the budget',
  async run({ sessions = SESSIONS, rounds = ROUNDS }, say) {
    const policy = Policy.parse({});
    const random = seeded(1);
    const person = sittingPerson(1, SECONDS, 1);
    const detections = Array.from({ length: SECONDS - 1 }, (_, i) => seenAs(postureAt(person, i + 1), random));
    say(`${SECONDS} frames of a person who reads, ${rounds} rounds`);
    const perFrame = async (round: () => void) => (await cpuOf(rounds, round)) / detections.length;
    const cpuBefore = await perFrame(() => void followHolds(policy, detections));
    const cpu = await perFrame(() => void follow(policy, detections));
    const picture = await perFrame(() => {
      let memory = initialRules(0).picture;
      for (const [i, detection] of detections.entries())
        memory = watchPicture(policy.frames, memory, pictureOf(detection, i)).memory;
    });
    const jpeg = Buffer.alloc(FRAME_BYTES, 7);
    const digest = await perFrame(() => {
      for (let i = 0; i < detections.length; i++) {
        jpeg[i] = i;
        crc32(jpeg);
      }
    });
    // What is kept has its full size from the first picture on; many sessions make the engine's own memory small beside it.
    const some = detections.slice(0, 40);
    const bytesBefore = await memoryOf(sessions, () => followHolds(policy, some));
    const bytes = await memoryOf(sessions, () => follow(policy, some));
    const more = { cpu: cpu + digest - cpuBefore, bytes: bytes - bytesBefore };
    const isWithin = more.cpu < BUDGET.cpuMs && more.bytes < BUDGET.bytes;
    const figures = [
      figure('rules, before', cpuBefore, 'CPU-ms/frame'),
      figure('rules', cpu, 'CPU-ms/frame'),
      figure('of that, comparison of pictures', picture, 'CPU-ms/frame'),
      figure('digest', digest, 'CPU-ms/frame'),
      figure('rules and digest, more than before', more.cpu, 'CPU-ms/frame'),
      figure('budget', BUDGET.cpuMs, 'CPU-ms/frame'),
      figure('memory, before', bytesBefore, 'bytes/session'),
      figure('memory', bytes, 'bytes/session'),
      figure('memory, more than before', more.bytes, 'bytes/session'),
      figure('memory budget', BUDGET.bytes, 'bytes/session'),
    ];
    return {
      input: { seconds: SECONDS, sessions, frameBytes: FRAME_BYTES },
      figures,
      text: `${figureTable(figures)}\n\n${isWithin ? 'within the budget' : 'OVER THE BUDGET'}`,
      errors: [],
      ok: isWithin,
    };
  },
};

const digestOf = (frame: number): number => (frame * 2_654_435_761) % 2 ** 32;

const pictureOf = (detection: Detection, i: number): Parameters<typeof watchPicture>[2] => ({
  detection,
  main: detection.faces[0],
  digest: digestOf(i),
  via: 'socket',
  follows: false,
  at: i * 1000,
});

/** @param apply takes one observation */
function play(detections: readonly Detection[], apply: (observation: Observation) => void): void {
  for (const [i, seen] of detections.entries()) {
    // A print of its own, as each answer of the models has.
    const detection = { ...seen, print: seen.print.slice() };
    const at = (i + 1) * 1000;
    apply({ kind: 'frame', at, frameIntervalMs: 500 });
    apply({ kind: 'detection', detection, at, digest: digestOf(i) });
  }
}

function follow(policy: Policy, detections: readonly Detection[]): RulesState {
  let state = initialRules(0);
  play(detections, (observation) => (state = applyRules(policy, state, observation).state));
  return state;
}

function followHolds(policy: Policy, detections: readonly Detection[]): HoldState {
  let state = initialHolds(0);
  play(detections, (observation) => (state = applyHolds(policy, state, observation).state));
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
  const heap = async () => {
    for (let i = 0; i < 3; i++) {
      gc();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return process.memoryUsage().heapUsed;
  };
  const values = Array.from({ length: 2 * count }, (): unknown => undefined);
  // The first half also makes the engine compile what it will, which is memory of no session.
  for (let i = 0; i < count; i++) values[i] = make();
  const before = await heap();
  for (let i = count; i < values.length; i++) values[i] = make();
  const bytes = ((await heap()) - before) / count;
  // Those that are no longer used are freed by a thread, at some time: `external` would count them.
  return bytes + bufferBytes(values.at(-1));
}

/** Bytes outside the heap that a value refers to. */
function bufferBytes(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.buffer.byteLength;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce<number>((sum, one) => sum + bufferBytes(one), 0);
}
