import { parentPort, workerData } from 'node:worker_threads';
import { look, type Pipeline } from './analyse.ts';
import { InvalidImage, JpegDecoder } from './decode.ts';
import { FrameChannel, type FrameJob } from './frame-channel.ts';
import type { Face, JobFailure, ThreadAnswer } from './jobs.ts';
import { openPipeline } from './load.ts';
import type { ThreadData } from './threads.ts';
import { decodeFaceHint, encodeFaceHint } from './face-hint.ts';

/** Entry of one inference thread: loads the models, reports ready, and on request serves frames one after the other. */

if (!parentPort) throw new Error('worker.ts is a thread of the inference host');
const port = parentPort;
const { models, fd } = workerData as ThreadData;

const pipeline = await openPipeline(models, new JpegDecoder());
await warmUp(pipeline);
port.once('message', () => void serve(new FrameChannel(fd)));
port.postMessage('ready');

async function serve(channel: FrameChannel): Promise<void> {
  for (let frame = channel.read(); frame; frame = channel.read()) channel.write(await answer(frame));
}

async function answer({ job, jpeg, hint: before, eyes }: FrameJob): Promise<ThreadAnswer> {
  try {
    const { detection, followed, hint } = await look(pipeline, jpeg, before && decodeFaceHint(before), eyes);
    return { type: 'done', job, detection, followed, ...(hint && { hint: encodeFaceHint(hint) }) };
  } catch (error) {
    return { type: 'failed', job, failure: failure(error) };
  }
}

function failure(error: unknown): JobFailure {
  const message = error instanceof Error ? error.message : String(error);
  return { code: error instanceof InvalidImage ? 'invalid_image' : 'inference_failed', message };
}

/** The first runs allocate the runtime's memory and compile this code, which no student's frame should pay for. */
async function warmUp({ face, gaze }: Pipeline): Promise<void> {
  const image = { width: 640, height: 480, data: new Uint8Array(640 * 480 * 3).fill(128) };
  const middle: Face = {
    box: [220, 140, 200, 200],
    score: 1,
    landmarks: [
      [280, 210],
      [360, 210],
      [320, 250],
      [290, 290],
      [350, 290],
    ],
  };
  await face.detect(image);
  await gaze.estimate(image, middle);
}
