import { analyse } from '../../models/analyse.ts';
import type { ManifestEntry, TensorShape } from '../../models/manifest.ts';
import { OnnxModel, type Tensor } from '../../models/onnx.ts';
import { median, sorted } from '../../simulator/report/percentile.ts';
import { type Measure, plain, type Section } from './measure.ts';
import { onnxParameters } from './onnx-parameters.ts';
import type { Pair } from './pairs.ts';

const WARM_UP = 10;
/**
 * Values for dynamic dimensions of a network: a webcam frame of 640x480 fitted to 256 pixels for ours, to 320 for
 * YuNet.
 */
const SIZES: Readonly<Record<string, number>> = { h: 192, w: 256, height: 256, width: 320 };
const MID_GREY = 128;

/**
 * Cost of a frame on one thread, and of its networks alone; one section per pair. The pairs alternate, so that other
 * load on the machine affects them equally.
 */
export async function timeSections(
  pairs: readonly Pair[],
  frames: readonly Uint8Array[],
  runs: number,
): Promise<readonly Section[]> {
  const steps = await timeSteps(pairs, frames, runs);
  const networks = await timeNetworks(pairs, runs);
  return pairs.map((_, i) => ({
    title: 'cost, one thread, drawn frames of 640x480',
    measures: [...steps[i]!, ...networks[i]!],
  }));
}

async function timeSteps(pairs: readonly Pair[], frames: readonly Uint8Array[], runs: number) {
  const times = pairs.map(() => ({
    decode: [] as number[],
    detect: [] as number[],
    pose: [] as number[],
    all: [] as number[],
  }));
  for (let run = -WARM_UP; run < runs; run++) {
    const jpeg = frames[(run + WARM_UP) % frames.length]!;
    for (const [i, { pipeline }] of pairs.entries()) {
      const began = performance.now();
      const { ms } = await analyse(pipeline, jpeg);
      if (run < 0) continue;
      times[i]!.all.push(performance.now() - began);
      times[i]!.decode.push(ms.decode);
      times[i]!.detect.push(ms.detect);
      times[i]!.pose.push(ms.pose);
    }
  }
  return times.map(({ decode, detect, pose, all }) => [
    ...timed('decode, brightness, print', decode),
    ...timed('detect', detect),
    ...timed('pose and gaze', pose),
    ...timed('one frame', all),
  ]);
}

/** The minimum beside the median: on a shared machine the minimum is closest to the work itself. */
const timed = (name: string, times: readonly number[]): readonly Measure[] => [
  plain(`${name}, median`, median(times), 'ms', times.length),
  plain(`${name}, least`, sorted(times)[0] ?? null, 'ms', times.length),
];

async function timeNetworks(pairs: readonly Pair[], runs: number) {
  const networks = await Promise.all(
    pairs.map(({ entries, models }) =>
      Promise.all(
        entries.flatMap((entry) => {
          const bytes = models[entry.role].files.get(entry.file)!;
          const input = entry.inputs[0];
          return input
            ? [
                OnnxModel.load(bytes).then((model) => ({
                  entry,
                  bytes,
                  model,
                  input: prepared(input),
                  times: [] as number[],
                })),
              ]
            : [];
        }),
      ),
    ),
  );
  for (let run = -WARM_UP; run < runs; run++) {
    for (const { model, input, times } of networks.flat()) {
      const began = performance.now();
      await model.run(input);
      if (run >= 0) times.push(performance.now() - began);
    }
  }
  return networks.map((list) =>
    list.flatMap(({ entry, bytes, times }) => [
      ...timed(`${label(entry)}: the network alone`, times),
      plain(`${label(entry)}: file`, bytes.length, 'bytes', 1),
      plain(`${label(entry)}: parameters`, onnxParameters(bytes), '', 1),
    ]),
  );
}

/** Detectors of different pairs are compared with each other; the other networks differ by pair. */
const label = ({ role, file }: ManifestEntry): string => (role === 'face' ? 'face detector' : file);

function prepared({ type, shape }: TensorShape): Tensor {
  const sizes = shape.map((size) => (typeof size === 'number' ? size : (SIZES[size] ?? 1)));
  const length = sizes.reduce((product, size) => product * size, 1);
  return OnnxModel.tensor(
    type === 'uint8' ? new Uint8Array(length).fill(MID_GREY) : new Float32Array(length).fill(MID_GREY),
    sizes,
  );
}
