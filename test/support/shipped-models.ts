import type { Detection } from '../../models/jobs.ts';
import { shippedFolder } from '../../models/manifest.ts';
import { InferencePool } from '../../server/inference/pool.ts';
import { createLog } from '../../server/log.ts';
import { Metrics } from '../../server/metrics.ts';
import { waitFor } from './server.ts';

/** The inference host with the shipped weights, ready. */
export async function startShippedModels(): Promise<InferencePool> {
  const models = { folders: [shippedFolder()], face: 'own', gaze: 'own' };
  const pool = new InferencePool(models, 1, createLog('silent'), new Metrics(), { deadlineMs: 60_000 });
  pool.start();
  await waitFor('vision', () => pool.vision.state === 'on');
  return pool;
}

/** @throws Error if the picture is not analysed */
export async function detectIn(pool: InferencePool, jpeg: Uint8Array): Promise<Detection> {
  const outcome = await pool.analyse({ jpeg, eyes: true });
  if (outcome.type !== 'done') throw new Error(JSON.stringify(outcome));
  return outcome.detection;
}
