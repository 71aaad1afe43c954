import { readFile, writeFile } from 'node:fs/promises';
import '../../no-telemetry.ts';
import ort from 'onnxruntime-node';

/**
 * Runs a network of 64-pixel crops as the server does: `node dist/models/train/pose/infer.js MODEL VIEWS OUT`. VIEWS holds uint8
 * [n, 64, 64, 3] RGB; OUT gets, for each output of the network in its order, its float32 values of all crops.
 */
const VIEW = 64 * 64 * 3;
const BATCH = 64;

const [model, views, out] = process.argv.slice(2);
if (!model || !views || !out) throw new Error('usage: infer.js MODEL VIEWS OUT');
const session = await ort.InferenceSession.create(model, { intraOpNumThreads: 1, interOpNumThreads: 1, graphOptimizationLevel: 'all' });
const bytes = await readFile(views);
const parts = new Map<string, Uint8Array[]>(session.outputNames.map((name) => [name, []]));
for (let at = 0; at < bytes.length; at += VIEW * BATCH) {
  const batch = bytes.subarray(at, at + VIEW * BATCH);
  const results = await session.run({ [session.inputNames[0]!]: new ort.Tensor('uint8', new Uint8Array(batch), [batch.length / VIEW, 64, 64, 3]) });
  for (const [name, list] of parts) list.push(new Uint8Array((results[name]!.data as Float32Array).slice().buffer));
}
await writeFile(out, Buffer.concat([...parts.values()].flat()));
