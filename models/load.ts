import type { FaceDetector, ModelFiles, PoseEstimator } from './adapters/adapter.ts';
import { MeshPoseEstimator } from './adapters/mesh.ts';
import { OwnFaceDetector } from './adapters/own-face.ts';
import { OwnGazeEstimator } from './adapters/own-gaze.ts';
import { YunetFaceDetector } from './adapters/yunet.ts';
import type { Pipeline } from './analyse.ts';
import type { JpegDecoder } from './decode.ts';
import type { LoadedModel, ModelChoice } from './jobs.ts';
import { entriesFor, loadFiles, ModelUnavailable, readManifest } from './manifest.ts';

/** Adapter name and files of one task. Plain data, so that it can be posted to a thread. */
export interface Weights {
  readonly adapter: string;
  readonly files: ModelFiles;
}

/** Data of a worker thread. */
export interface WorkerModels {
  readonly face: Weights;
  readonly gaze: Weights;
}

/** Verified weights of both tasks, with their names for reports. */
export interface CheckedModels extends WorkerModels {
  readonly loaded: readonly LoadedModel[];
}

const FACE: Readonly<Record<string, (files: ModelFiles) => Promise<FaceDetector>>> = {
  own: (files) => OwnFaceDetector.load(files),
  yunet: (files) => YunetFaceDetector.load(files),
};

const GAZE: Readonly<Record<string, (files: ModelFiles) => Promise<PoseEstimator>>> = {
  own: (files) => OwnGazeEstimator.load(files),
  mesh: (files) => MeshPoseEstimator.load(files),
};

/** @throws ModelUnavailable */
export async function checkModels(choice: ModelChoice): Promise<CheckedModels> {
  const manifest = readManifest();
  const face = entriesFor(manifest, 'face', choice.face);
  const gaze = entriesFor(manifest, 'gaze', choice.gaze);
  return {
    face: { adapter: choice.face, files: await loadFiles(face, choice.folders) },
    gaze: { adapter: choice.gaze, files: await loadFiles(gaze, choice.folders) },
    loaded: [...face, ...gaze].map(({ name, version, sha256 }) => ({ name, version, sha256 })),
  };
}

/** @throws ModelUnavailable for an adapter of the manifest without code, or the error of the runtime */
export async function openPipeline({ face, gaze }: WorkerModels, decoder: JpegDecoder): Promise<Pipeline> {
  const openFace = FACE[face.adapter];
  const openGaze = GAZE[gaze.adapter];
  if (!openFace || !openGaze) throw new ModelUnavailable(`no adapter for ${openFace ? gaze.adapter : face.adapter}`);
  return { decoder, face: await openFace(face.files), gaze: await openGaze(gaze.files) };
}
