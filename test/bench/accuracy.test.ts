import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { labelled, packRecord } from '../../bench/accuracy/fixtures/pack.ts';
import { sharedFolder } from '../support/requirements.ts';
import type { BenchOptions } from '../../bench/benchmark.ts';
import { UsageError } from '../../simulator/options.ts';
import { drawFrame } from '../../simulator/draw/frame.ts';
import { createScene } from '../../simulator/draw/scene.ts';
import { accuracy } from '../../bench/accuracy/accuracy.ts';
import type { PackRecord } from '../../bench/accuracy/pack.ts';
import type { AccuracyFigure } from '../../bench/accuracy/report.ts';

const NOTHING: BenchOptions = {
  secs: undefined,
  frames: undefined,
  sessions: undefined,
  fps: undefined,
  data: undefined,
  limit: undefined,
};
/** A scene must be drawn while other tests run on the machine. */
const PATIENCE = { timeout: 240_000 };
/** A group in the validation set. */
const GROUP = 'group-7.jpg';

afterEach(() => vi.unstubAllEnvs());

const run = async (options: Partial<BenchOptions>, said: string[] = []) => {
  const { figures, ...rest } = await accuracy.run({ ...NOTHING, ...options }, (line) => said.push(line));
  const named = new Map(figures.map((figure) => [figure.name, figure as AccuracyFigure]));
  return { ...rest, figures: named };
};

async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'invigil-accuracy-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A person sitting straight, an empty room, a file that is not an image, and a missing file of the training set. */
async function writePack(folder: string): Promise<void> {
  const scene = createScene(4);
  const { x, y, size } = scene.seat;
  const straight = { ...scene.seat, yaw: 0, pitch: 0, roll: 0, gazeYaw: 0, gazePitch: 0 };
  const somebody = labelled([x - 0.3 * size, y - 0.25 * size, 0.6 * size, 0.75 * size]);
  const write = (name: string, people: (typeof straight)[]) =>
    writeFile(join(folder, name), drawFrame(scene, { people, frame: 1 }));
  await Promise.all([
    write('straight.jpg', [straight]),
    write('empty.jpg', []),
    writeFile(join(folder, 'broken.jpg'), 'no picture'),
  ]);
  const records: PackRecord[] = [
    packRecord({ file: 'straight.jpg', group: GROUP, faces: [somebody] }),
    packRecord({ file: 'empty.jpg', group: GROUP }),
    packRecord({ file: 'broken.jpg', group: GROUP }),
    packRecord({ file: 'absent.jpg', group: 'group-1.jpg' }),
  ];
  await writeFile(join(folder, 'labels.jsonl'), records.map((record) => `${JSON.stringify(record)}\n`).join(''));
}

test('accuracy of a labelled folder: its validation set is analysed, and unreadable files are named', PATIENCE, () =>
  withFolder(async (folder) => {
    vi.stubEnv('MODELS_DIR', folder);
    vi.stubEnv('DATA_DIR', folder);
    await writePack(folder);
    const said: string[] = [];
    const { figures, input, errors, text } = await run({ data: folder, limit: 3 }, said);

    expect(errors).toEqual(['1 picture could not be read', 'broken.jpg: not a JPEG file']);
    expect(input).toMatchObject({
      pack: { records: 4, validation: 3, looked: 2 },
      drawn: { scenes: 1 },
      models: [{ pair: 'own+own' }],
    });
    expect(figures.get('own+own: validation groups: frontal faces: found, of 40 px and more')).toMatchObject({
      value: 100,
      unit: '%',
      n: 1,
    });
    expect(figures.get('own+own: validation groups: nobody there: object pictures with a false face')).toMatchObject({
      value: 0,
      unit: 'per 1,000',
      n: 1,
    });
    expect(figures.get('own+own: drawn frames: faces: found: straight')!.value).toBeGreaterThan(90);
    expect(figures.get('own+own: drawn frames: head pose: yaw, mean absolute error')!.value).toBeLessThan(10);
    expect(text).toContain('frontal faces');

    expect(said.some((line) => line.startsWith('yunet+mesh skipped: yunet.onnx'))).toBe(true);
    expect([...figures.keys()].some((name) => name.startsWith('yunet'))).toBe(false);
  }),
);

test('a folder without labels is refused before any measurement', () =>
  withFolder(async (folder) => {
    await expect(run({ data: folder })).rejects.toThrow(UsageError);
  }));

if (sharedFolder === undefined)
  test.skip('the training pack and the public weights (skipped: not available)', () => {});
else {
  test('accuracy of both model pairs side by side, on a sample of the training pack', PATIENCE, async () => {
    vi.stubEnv('MODELS_DIR', join(sharedFolder!, 'models'));
    const { figures, input, errors, text } = await run({ data: join(sharedFolder!, 'data'), limit: 20 });

    expect(errors).toEqual([]);
    expect(input).toMatchObject({ pack: { looked: 20 }, models: [{ pair: 'own+own' }, { pair: 'yunet+mesh' }] });
    for (const pair of ['own+own', 'yunet+mesh']) {
      const found = figures.get(`${pair}: validation groups: frontal faces: found, of 40 px and more`)!;
      expect(found.n).toBeGreaterThan(3);
      expect(found.value).toBeGreaterThan(70);
      expect(found.interval![0]).toBeLessThan(found.value!);
      expect(
        figures.get(`${pair}: validation groups: head pose against the labels: yaw, mean absolute error`)!.value,
      ).toBeLessThan(15);
      expect(
        figures.get(`${pair}: cost, one thread, drawn frames of 640x480: face detector: parameters`)!.value,
      ).toBeGreaterThan(10_000);
    }
    expect(text).toMatch(/own\+own .* yunet\+mesh/);
  });
}
