import { parentPort, workerData } from 'node:worker_threads';
import { analyse, type Pipeline } from './analyse.ts';
import { InvalidImage, JpegDecoder } from './decode.ts';
import type { Face, FromWorker, JobFailure, ToWorker } from './jobs.ts';
import { openPipeline, type WorkerModels } from './load.ts';

/** Entry of one inference thread. It is given checked weights as its data and answers one frame at a time. */

if (!parentPort) throw new Error('worker.ts is a thread of the inference host');
const port = parentPort;
const post = (message: FromWorker): void => port.postMessage(message);

const pipeline = await openPipeline(workerData as WorkerModels, new JpegDecoder());
await warmUp(pipeline);
port.on('message', (message: ToWorker) => void answer(message));
post({ type: 'ready' });

async function answer({ job, jpeg }: ToWorker): Promise<void> {
  try {
    post({ type: 'done', job, detection: await analyse(pipeline, jpeg) });
  } catch (error) {
    post({ type: 'failed', job, failure: failure(error) });
  }
}

function failure(error: unknown): JobFailure {
  const message = error instanceof Error ? error.message : String(error);
  return { code: error instanceof InvalidImage ? 'invalid_image' : 'inference_failed', message };
}

/** The first runs allocate the runtime's memory and compile this code: no student's frame should pay for it. */
async function warmUp({ face, gaze }: Pipeline): Promise<void> {
  const image = { width: 640, height: 480, data: new Uint8Array(640 * 480 * 3).fill(128) };
  const middle: Face = {
    box: [220, 140, 200, 200],
    score: 1,
    landmarks: [[280, 210], [360, 210], [320, 250], [290, 290], [350, 290]],
  };
  await face.detect(image);
  await gaze.estimate(image, middle);
}
