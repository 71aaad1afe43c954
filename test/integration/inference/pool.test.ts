import { afterEach, describe, expect, test } from 'vitest';
import { shippedFolder } from '../../../models/manifest.ts';
import { rogueHost } from '../../support/rogue-host.ts';
import { waitFor } from '../../support/server.ts';
import { createLog } from '../../../server/log.ts';
import { Metrics } from '../../../server/metrics.ts';
import { InferencePool, type PoolOptions } from '../../../server/inference/pool.ts';
import type { Outcome } from '../../../server/inference/scheduler.ts';

const CHOICE = { folders: [shippedFolder()], face: 'own', gaze: 'own' };
const picture = { jpeg: Uint8Array.of(0xff, 0xd8), eyes: true };

let metrics: Metrics;
let pool: InferencePool;
afterEach(() => pool?.close());

function startPool(options: PoolOptions): InferencePool {
  metrics = new Metrics();
  pool = new InferencePool(CHOICE, 1, createLog('silent'), metrics, options);
  pool.start();
  return pool;
}

const startRogue = async (script: string, options: PoolOptions = {}) =>
  startPool({ entry: await rogueHost(script), ...options });
/** On a busy machine the deadline would end the host before its fault does. */
const PATIENT = { deadlineMs: 60_000 };
const isOn = () => waitFor('vision', () => pool.vision.state === 'on');

async function violations(): Promise<Record<string, number>> {
  const { values } = await metrics.hostViolations.get();
  return Object.fromEntries(values.map(({ labels, value }) => [String(labels.violation), value]));
}

const sum = (counts: Record<string, number>) => Object.values(counts).reduce((total, count) => total + count, 0);
/** Why there is no host at the moment. */
const reason = () => (pool.vision.state === 'on' ? undefined : pool.vision.reason);
const broke = (violation: string) => waitFor(violation, async () => ((await violations())[violation] ?? 0) > 0);

describe('a host is ended for an invalid control message', () => {
  test.each([
    ['bytes that are no text', 'write(CONTROL, Buffer.from([0, 0xff, 0xfe, 10]))', 'not_json'],
    ['an unfinished line of many megabytes', "write(CONTROL, Buffer.alloc(64 * 1024 * 1024, 'x'))", 'too_long'],
    ['a hundred thousand open brackets', "say('['.repeat(15_000) + '\\n')", 'not_json'],
    ["a message of the runtime's own", 'say(\'{"cmd":"NODE_HANDLE","type":"net.Socket"}\\n\')', 'bad_shape'],
    ['null', "say('null\\n')", 'bad_shape'],
    ['a message of another kind', 'say(\'{"type":"start"}\\n\')', 'bad_shape'],
    ['a field more', 'ready({ also: 1 })', 'bad_shape'],
    [
      'a field of the prototype',
      'say(JSON.stringify({ type: "ready", models: MODELS }).slice(0, -1) + \',"__proto__":{}}\\n\')',
      'bad_shape',
    ],
    ['no models', 'ready({ models: [] })', 'bad_shape'],
    ['models by the thousand', 'ready({ models: Array(50).fill(MODELS[0]) })', 'bad_shape'],
    ['a model that there is not', 'ready({ models: [{ ...MODELS[0], name: "better" }] })', 'unknown_models'],
    ['a model of another digest', "ready({ models: [{ ...MODELS[0], sha256: '0'.repeat(64) }] })", 'unknown_models'],
    ['a reason that is no text', 'say(\'{"type":"unavailable","reason":{}}\\n\')', 'bad_shape'],
    [
      'a reason as long as a book',
      "say(JSON.stringify({ type: 'unavailable', reason: 'x'.repeat(3000) }) + '\\n')",
      'bad_shape',
    ],
    ['that it is ready, twice', 'ready(); setTimeout(() => ready(), 50)', 'unasked'],
    ['that it is ready, twice at once', 'ready(); ready()', 'unasked'],
    ['message after message', "ready(); setInterval(() => say('{}\\n'.repeat(1000)), 0)", 'unasked'],
  ])('%s', async (_what, script, violation) => {
    await startRogue(script);
    await broke(violation);
    expect(sum(await violations())).toBeGreaterThan(0);
  });
});

describe('a host is ended for an invalid result of a thread', () => {
  const frames: [string, string, string][] = [
    ['an answer that is no JSON', 'write(channels[0], framed(\'{"type":\'))', 'not_json'],
    ['an answer that announces four gigabytes', 'write(channels[0], Buffer.of(0xff, 0xff, 0xff, 0xff))', 'too_long'],
    [
      '64 MiB of an answer',
      'write(channels[0], Buffer.concat([Buffer.of(0, 0, 0, 4), Buffer.alloc(64 * 1024 * 1024)]))',
      'too_long',
    ],
    ['an answer of no length', 'write(channels[0], Buffer.alloc(4))', 'too_long'],
    ['an answer nested deeply', "write(channels[0], framed('['.repeat(30_000)))", 'not_json'],
    ['null', "write(channels[0], framed('null'))", 'bad_shape'],
    ['a job that is text', "write(channels[0], framed(failed('1')))", 'bad_shape'],
    ['a job that it was not given', 'write(channels[0], framed(failed(job + 1)))', 'wrong_frame'],
    [
      'an unknown failure',
      "write(channels[0], framed(failed(job, { failure: { code: 'internal', message: '' } })))",
      'bad_shape',
    ],
    [
      'a failure with a line feed in it',
      "write(channels[0], framed(failed(job, { failure: { code: 'invalid_image', message: 'a\\nb' } })))",
      'bad_shape',
    ],
    [
      'a failure with half a character',
      "write(channels[0], framed(failed(job, { failure: { code: 'invalid_image', message: 'a\\ud800' } })))",
      'bad_shape',
    ],
    [
      'a failure of great length',
      "write(channels[0], framed(failed(job, { failure: { code: 'invalid_image', message: 'a'.repeat(301) } })))",
      'bad_shape',
    ],
    [
      'the same answer twice',
      'write(channels[0], Buffer.concat([framed(failed(job)), framed(failed(job))]))',
      'unasked',
    ],
    ['an answer and some bytes', 'write(channels[0], Buffer.concat([framed(failed(job)), Buffer.of(1)]))', 'unasked'],
    [
      'answers without end',
      'const one = Buffer.concat(Array(500).fill(framed(failed(job)))); for (;;) write(channels[0], one)',
      'unasked',
    ],
  ];

  test.each(frames)('%s', async (_what, script, violation) => {
    await startRogue(`ready(); onFrame(channels[0], (job) => { ${script} })`, PATIENT);
    await isOn();
    const outcome = await pool.analyse(picture);
    // An answer that was whole before the fault counts.
    expect(['lost', 'failed']).toContain(outcome.type);
    await broke(violation);
  });

  test('any byte without a pending frame, also before ready', async () => {
    await startRogue('write(channels[0], Buffer.of(0))');
    await broke('unasked');
  });

  test('results sent byte by byte are accepted, and frames are settled in order', async () => {
    await startRogue(
      'ready(); onFrame(channels[0], (job) => { for (const byte of framed(failed(job))) write(channels[0], Buffer.of(byte)) })',
      PATIENT,
    );
    await isOn();
    const outcomes = await Promise.all([pool.analyse(picture), pool.analyse(picture)]);
    expect(outcomes).toMatchObject(
      [1, 2].map((): Outcome => ({ type: 'failed', failure: { code: 'invalid_image', message: 'no' } })),
    );
    // What is charged for.
    expect(outcomes.every((outcome) => outcome.type === 'failed' && outcome.ms! >= 0)).toBe(true);
    expect(await violations()).toEqual({});
  });
});

describe('a host that', () => {
  test('closes its control channel is ended, and its frames are lost', async () => {
    await startRogue('ready(); onFrame(channels[0], () => {}); setTimeout(() => closeSync(CONTROL), 300)');
    await isOn();
    const outcome = pool.analyse(picture);
    await broke('closed');
    expect(await outcome).toMatchObject({ type: 'lost', suspects: 1 });
  });

  test('closes the channel of a thread is ended', async () => {
    await startRogue('ready(); setTimeout(() => closeSync(channels[0]), 100)');
    await broke('closed');
  });

  test('floods standard error is ended', async () => {
    await startRogue("ready(); for (;;) write(2, Buffer.alloc(65_536, 'x'))");
    await broke('too_long');
  });

  test('never reads is ended by the deadline of its frame', async () => {
    await startRogue('ready()');
    await isOn();
    const pid = pool.hostPid;
    const large = { jpeg: new Uint8Array(256 * 1024), eyes: true };
    const outcomes = await Promise.all([pool.analyse(large), pool.analyse(large)]);
    expect(outcomes.map((outcome) => outcome.type === 'lost' && outcome.suspects)).toEqual([1, 0]);
    await waitFor('another host', () => pool.hostPid !== undefined && pool.hostPid !== pid);
  });

  test('never becomes ready is restarted, then vision is off with the reason', async () => {
    await startRogue('', { startMs: 200 });
    await waitFor('that it is given up', () => pool.vision.state === 'off');
    expect(reason()).toBe('the inference host was not ready in time');
  });

  test('exits at once is restarted with growing delays, until vision is off with the reason', async () => {
    await startRogue('process.exit(3)');
    await waitFor('a reason', () => reason() !== undefined);
    await waitFor('that it is given up', () => pool.vision.state === 'off');
    expect(reason()).toBe('the inference host ended');
  });

  test('repeatedly exits after ready is restarted with a delay', async () => {
    await startRogue('ready(); setTimeout(() => process.exit(0), 20)');
    await new Promise((resolve) => setTimeout(resolve, 3000));
    const { values } = await metrics.hostRestarts.get();
    expect(values[0]!.value).toBeLessThan(12);
  });
});

describe('a host that cannot be started', () => {
  test('for a missing executable is retried, and the reason is reported', async () => {
    startPool({ entry: 'nowhere.mjs', execPath: '/nowhere/node' });
    await waitFor('the reason', () => reason() !== undefined);
    expect(reason()).toBe('the inference host could not be started: ENOENT');
    await waitFor('that vision is off', () => pool.vision.state === 'off');
    expect(pool.hostPid).toBeUndefined();
  });

  test('for a missing module is retried, and the reason is reported', async () => {
    startPool({ entry: '/nowhere/host.js' });
    await waitFor('that vision is off', () => pool.vision.state === 'off');
    expect(reason()).toBe('the inference host ended');
  });

  test('for missing weights is retried, and vision is on once they exist', async () => {
    await startRogue("say(JSON.stringify({ type: 'unavailable', reason: 'face.onnx is missing' }) + '\\n')");
    let changes = 0;
    pool.onChange = () => (changes += 1);
    await waitFor('that vision is off', () => pool.vision.state === 'off');
    expect(reason()).toBe('face.onnx is missing');
    // A few starts later it still is, and nobody was told again.
    const pids = new Set<number>();
    await waitFor('further starts', () => pids.add(pool.hostPid ?? 0).size > 3);
    expect(changes).toBe(1);
  });
});

test('vision leaves off when a start succeeds', async () => {
  // Once the file is there the host is ready.
  const flag = `${await rogueHost('')}.flag`;
  await startRogue(
    `import('node:fs').then(({ existsSync }) => existsSync(${JSON.stringify(flag)}) ? ready() : process.exit(1))`,
  );
  await waitFor('that vision is off', () => pool.vision.state === 'off');
  const { writeFile } = await import('node:fs/promises');
  await writeFile(flag, '');
  await isOn();
});
