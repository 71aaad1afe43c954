import type { FaceDetector, ModelFiles, PoseEstimator } from './adapters/adapter.ts';
import { MeshPoseEstimator } from './adapters/mesh.ts';
import { OwnFaceDetector } from './adapters/own-face.ts';
import { OwnGazeEstimator } from './adapters/own-gaze.ts';
import { YunetFaceDetector } from './adapters/yunet.ts';
import type { Pipeline } from './analyse.ts';
import type { JpegDecoder } from './decode.ts';
import type { LoadedModel, ModelChoice } from './jobs.ts';
import { entriesFor, findFile, loadFiles, ModelUnavailable, readManifest, type Role } from './manifest.ts';

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

/** Public detector of `FACE_MODEL=auto`: ahead of the project's own at second persons and at dials (CARD.md). */
const FETCHED_FACE = 'yunet';

/**
 * @param say told why fetched weights are not used
 * @throws ModelUnavailable
 */
export async function checkModels(choice: ModelChoice, say: (line: string) => void = () => {}): Promise<CheckedModels> {
  const manifest = readManifest();
  const load = async (role: Role, adapter: string) => {
    const entries = entriesFor(manifest, role, adapter);
    return { adapter, entries, files: await loadFiles(entries, choice.folders) };
  };
  const fetched = async () => {
    if (entriesFor(manifest, 'face', FETCHED_FACE).every((entry) => findFile(entry, choice.folders) === undefined))
      return undefined;
    return load('face', FETCHED_FACE).catch((error: unknown) => {
      if (!(error instanceof ModelUnavailable)) throw error;
      say(`${error.message}: the project's own face detector is used`);
      return undefined;
    });
  };
  const face =
    choice.face === 'auto' ? ((await fetched()) ?? (await load('face', 'own'))) : await load('face', choice.face);
  const gaze = await load('gaze', choice.gaze);
  return {
    face: { adapter: face.adapter, files: face.files },
    gaze: { adapter: gaze.adapter, files: gaze.files },
    loaded: [...face.entries, ...gaze.entries].map(({ name, version, sha256 }) => ({ name, version, sha256 })),
  };
}

/** @throws ModelUnavailable for an adapter of the manifest without code, or the error of the runtime */
export async function openPipeline({ face, gaze }: WorkerModels, decoder: JpegDecoder): Promise<Pipeline> {
  const openFace = FACE[face.adapter];
  const openGaze = GAZE[gaze.adapter];
  if (!openFace || !openGaze) throw new ModelUnavailable(`no adapter for ${openFace ? gaze.adapter : face.adapter}`);
  return { decoder, face: await openFace(face.files), gaze: await openGaze(gaze.files) };
}
