import { readFile, writeFile } from 'node:fs/promises';
import { OnnxModel } from '../../onnx.ts';

/**
 * Runs a network of 64-pixel crops as in the server: `node dist/models/train/pose/infer.js MODEL VIEWS OUT`. VIEWS
 * contains uint8 [n, 64, 64, 3] RGB; OUT receives, for each output of the network in order, its float32 values for all
 * crops.
 */
const VIEW = 64 * 64 * 3;
const BATCH = 64;

const [model, views, out] = process.argv.slice(2);
if (!model || !views || !out) throw new Error('usage: infer.js MODEL VIEWS OUT');
const network = await OnnxModel.load(await readFile(model));
const bytes = await readFile(views);
const parts = new Map<string, Uint8Array[]>(network.outputNames.map((name) => [name, []]));
for (let at = 0; at < bytes.length; at += VIEW * BATCH) {
  const batch = bytes.subarray(at, at + VIEW * BATCH);
  const output = await network.run(OnnxModel.tensor(new Uint8Array(batch), [batch.length / VIEW, 64, 64, 3]));
  for (const [name, list] of parts) list.push(new Uint8Array(output(name).slice().buffer));
}
await writeFile(out, Buffer.concat([...parts.values()].flat()));
