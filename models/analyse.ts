import { type FaceDetector, NOT_MEASURED, type PoseEstimator } from './adapters/adapter.ts';
import { largest } from './boxes.ts';
import type { JpegDecoder } from './decode.ts';
import type { Detection } from './jobs.ts';
import { framePrint, measureLuma } from './luma.ts';

/** One thread's decoder and networks. */
export interface Pipeline {
  readonly decoder: JpegDecoder;
  readonly face: FaceDetector;
  readonly gaze: PoseEstimator;
}

/**
 * JPEG bytes to what the models say about them. Not for concurrent use with the same pipeline.
 * @throws InvalidImage
 */
export async function analyse({ decoder, face, gaze }: Pipeline, jpeg: Uint8Array): Promise<Detection> {
  const began = performance.now();
  const image = decoder.decode(jpeg);
  const luma = measureLuma(image);
  const print = framePrint(image);
  const decoded = performance.now();
  const faces = await face.detect(image);
  const detected = performance.now();
  const subject = largest(faces);
  const measured = subject ? await gaze.estimate(image, subject) : NOT_MEASURED;
  return {
    width: image.width,
    height: image.height,
    faces,
    ...measured,
    luma,
    print,
    ms: { decode: decoded - began, detect: detected - decoded, pose: performance.now() - detected },
  };
}
