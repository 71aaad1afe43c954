import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createCanvas } from '@napi-rs/canvas';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { AnswerReader, jobHead } from '../../../models/frame-wire.ts';
import type { FromHost, ModelChoice, ThreadAnswer, ToHost } from '../../../models/jobs.ts';
import { readManifest, shippedFolder } from '../../../models/manifest.ts';

/** A forked process and its threads run compiled JavaScript: `npm test` builds it first. */
const ENTRY = fileURLToPath(new URL('../../../dist/models/host.js', import.meta.url));
const OWN: ModelChoice = { folders: [shippedFolder()], face: 'own', gaze: 'own' };

/** Descriptors of the host, indexes of its stdio. */
const CHANNELS = [4, 5];

const started: Host[] = [];

/**
 * The host as the server sees it, with channels for two threads. Keeps what the threads say, so that nothing is lost
 * between awaits.
 */
class Host {
  readonly child: ChildProcess;
  readonly #said: ThreadAnswer[] = [];
  #heard = 0;
  #wake: () => void = () => {};

  constructor() {
    this.child = fork(ENTRY, [], {
      env: {},
      execArgv: [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc', 'pipe', 'pipe'],
    });
    for (const fd of CHANNELS) {
      const answers = new AnswerReader();
      this.#channel(fd).on('data', (chunk: Buffer) => {
        this.#said.push(...answers.push(chunk));
        this.#wake();
      });
      this.#channel(fd).on('error', () => {});
    }
    started.push(this);
  }

  look(job: number, jpeg: Uint8Array, thread = 0, hint?: Uint8Array): void {
    this.#channel(CHANNELS[thread]!).write(Buffer.concat([jobHead(job, jpeg.byteLength, hint, true), jpeg]));
  }

  async next(): Promise<ThreadAnswer> {
    while (this.#heard === this.#said.length) await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.#said[this.#heard++]!;
  }

  async start(models: ModelChoice = OWN, threads = 1): Promise<FromHost> {
    this.child.send({ type: 'start', models, channels: CHANNELS.slice(0, threads) } satisfies ToHost);
    const [message] = await once(this.child, 'message');
    return message as FromHost;
  }

  #channel(fd: number): Socket {
    return this.child.stdio[fd] as Socket;
  }
}

function frame(width = 640, height = 480): Buffer {
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  context.fillStyle = 'rgb(120, 140, 160)';
  context.fillRect(0, 0, width, height);
  return canvas.encodeSync('jpeg', 80);
}

beforeAll(() => {
  if (!existsSync(ENTRY)) throw new Error('dist/models/host.js is missing: run `npm run build:server` first');
});

afterEach(() => {
  for (const { child } of started.splice(0)) child.kill('SIGKILL');
});

test('the inference host reports its models and analyses a frame', async () => {
  const host = new Host();
  const own = readManifest().filter(({ adapter }) => adapter === 'own');
  expect(await host.start()).toEqual({
    type: 'ready',
    models: own.map(({ name, version, sha256 }) => ({ name, version, sha256 })),
  });
  host.look(7, frame());
  const answer = await host.next();
  expect(answer).toMatchObject({
    type: 'done',
    job: 7,
    detection: {
      width: 640,
      height: 480,
      faces: [],
      pose: null,
      gaze: null,
      luma: { deviation: expect.closeTo(0, 0) },
    },
  });
  const { detection } = answer as Extract<ThreadAnswer, { type: 'done' }>;
  expect(Math.abs(detection.luma.mean - 136)).toBeLessThan(3);
  expect(detection.print).toBeInstanceOf(Uint8Array);
  expect(detection.print).toHaveLength(192);
  expect(detection.ms.decode).toBeGreaterThan(0);
});

test('an invalid frame fails alone, and the frames around it are analysed', async () => {
  const host = new Host();
  await host.start();
  const whole = frame();
  host.look(1, whole);
  host.look(2, whole.subarray(0, whole.length - 20));
  host.look(3, new TextEncoder().encode('GIF89a'));
  host.look(4, whole);
  expect(await host.next()).toMatchObject({ type: 'done', job: 1 });
  expect(await host.next()).toMatchObject({ type: 'failed', job: 2, failure: { code: 'invalid_image' } });
  expect(await host.next()).toMatchObject({ type: 'failed', job: 3, failure: { code: 'invalid_image' } });
  expect(await host.next()).toMatchObject({ type: 'done', job: 4 });
});

test('each thread answers its frames once and in order, with any number queued', async () => {
  const host = new Host();
  await host.start(OWN, 2);
  const jobs = Array.from({ length: 40 }, (_, job) => job);
  for (const job of jobs) host.look(job, frame(64 + job, 64), job % 2);
  const widths = new Map<number, number>();
  const order: number[][] = [[], []];
  for (const _ of jobs) {
    const answer = await host.next();
    if (answer.type !== 'done') throw new Error(JSON.stringify(answer));
    widths.set(answer.job, answer.detection.width);
    order[answer.job % 2]!.push(answer.job);
  }
  expect(order).toEqual([jobs.filter((job) => job % 2 === 0), jobs.filter((job) => job % 2 === 1)]);
  expect(jobs.map((job) => widths.get(job))).toEqual(jobs.map((job) => 64 + job));
});

test('without weights the host reports the missing file and stays alive', async () => {
  const host = new Host();
  const empty = await temporaryFolder('host');
  expect(await host.start({ ...OWN, folders: [empty] })).toEqual({
    type: 'unavailable',
    reason: `face.onnx (invigil-face) is missing from ${empty}`,
  });
  expect(host.child.exitCode).toBeNull();
});

test('an unknown adapter is reported as unavailable, without a crash', async () => {
  expect(await new Host().start({ ...OWN, gaze: 'crystal-ball' })).toEqual({
    type: 'unavailable',
    reason: 'unknown gaze model crystal-ball: known are own, mesh',
  });
});

test('the host exits when its channel closes, also during analysis', async () => {
  const host = new Host();
  await host.start();
  for (let job = 0; job < 50; job++) host.look(job, frame());
  await host.next();
  const gone = once(host.child, 'exit');
  host.child.disconnect();
  // By its own hand (models/host.ts): this side sent no signal.
  expect(await gone).toEqual([null, 'SIGKILL']);
  expect(host.child.killed).toBe(false);
});

test('the host ignores signals sent to its process group by a terminal or service manager', async () => {
  const host = new Host();
  await host.start();
  host.child.kill('SIGINT');
  host.child.kill('SIGTERM');
  host.look(1, frame());
  expect(await host.next()).toMatchObject({ type: 'done', job: 1 });
});
