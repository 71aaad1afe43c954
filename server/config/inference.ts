import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { addedFolders } from '../../models/folders.ts';

export const inferenceSettings = z.object({
  VISION: z.enum(['on', 'off']).default('on'),
  MODELS_DIR: z.string().optional(),
  FACE_MODEL: z.string().default('own'),
  GAZE_MODEL: z.string().default('own'),
  INFERENCE_THREADS: z.coerce.number().int().min(1).max(256).optional(),
});

export interface InferenceConfig {
  /** Whether frames are analysed. Off: no inference host is started. */
  readonly vision: boolean;
  readonly models: { readonly folders: readonly string[]; readonly face: string; readonly gaze: string };
  readonly inferenceThreads: number;
}

/** @param root the project's folder, whose own weights are searched first */
export function inferenceConfig(
  env: z.output<typeof inferenceSettings> & { readonly DATA_DIR: string },
  root: string,
): InferenceConfig {
  return {
    vision: env.VISION === 'on',
    models: {
      folders: [join(root, 'models'), ...addedFolders(env)],
      face: env.FACE_MODEL,
      gaze: env.GAZE_MODEL,
    },
    inferenceThreads: env.INFERENCE_THREADS ?? availableParallelism(),
  };
}
