import { type FaceDetector, type Measured, NOT_MEASURED, type PoseEstimator } from './adapters/adapter.ts';
import { MAX_FACES } from './answer-limits.ts';
import { largest } from './boxes.ts';
import type { JpegDecoder } from './decode.ts';
import { isInPlace, isSameScene, faceHintOf } from './skip-detection.ts';
import type { RgbImage } from './image.ts';
import type { Detection } from './jobs.ts';
import { framePrint, measureFaceLight, measureLight } from './luma.ts';
import type { FaceHint } from './face-hint.ts';

/** Decoder and networks of one thread. */
export interface Pipeline {
  readonly decoder: JpegDecoder;
  readonly face: FaceDetector;
  readonly gaze: PoseEstimator;
}

export interface Look {
  readonly detection: Detection;
  /** True if detection was skipped: the face is that of the hint. */
  readonly followed: boolean;
  /** Hint for later frames of the same camera; set only if the detector ran. */
  readonly hint: FaceHint | undefined;
}

/**
 * Analyses a JPEG. Not for concurrent use of one pipeline.
 * @param before hint of an earlier frame of the same camera, if recent enough
 * @param withEyes false: the network of the eyes does not run, and nothing is known of them
 * @throws InvalidImage
 */
export async function look(pipeline: Pipeline, jpeg: Uint8Array, before?: FaceHint, withEyes = true): Promise<Look> {
  const began = performance.now();
  const image = pipeline.decoder.decode(jpeg);
  const { luma, scene } = measureLight(image);
  const print = framePrint(image);
  const decoded = performance.now();
  const kept =
    before && isSameScene(before, image, scene) ? await follow(pipeline, image, before, withEyes) : undefined;
  const tried = performance.now();
  const faces = kept ? [before!.face] : (await pipeline.face.detect(image)).slice(0, MAX_FACES);
  const detected = performance.now();
  const subject = largest(faces);
  const measured = kept ?? (subject ? await pipeline.gaze.estimate(image, subject, withEyes) : NOT_MEASURED);
  const { eyes: _eyes, ...looks } = measured;
  return {
    detection: {
      width: image.width,
      height: image.height,
      faces,
      ...looks,
      luma,
      faceLuma: subject ? measureFaceLight(image, subject.box) : null,
      print,
      ms: { decode: decoded - began, detect: detected - tried, pose: tried - decoded + performance.now() - detected },
    },
    followed: kept !== undefined,
    hint: kept ? undefined : faceHintOf(image, faces, measured, scene),
  };
}

/** Analyses a single frame without a hint. @throws InvalidImage */
export async function analyse(pipeline: Pipeline, jpeg: Uint8Array): Promise<Detection> {
  return (await look(pipeline, jpeg)).detection;
}

async function follow(
  { gaze }: Pipeline,
  image: RgbImage,
  hint: FaceHint,
  withEyes: boolean,
): Promise<Measured | undefined> {
  const measured = await gaze.estimate(image, hint.face, withEyes);
  return isInPlace(hint, measured) ? measured : undefined;
}
