import '../../models/no-telemetry.ts';
import type { Pipeline } from '../../models/analyse.ts';
import { JpegDecoder } from '../../models/decode.ts';
import { addedFolders } from '../../models/folders.ts';
import { checkModels, openPipeline, type WorkerModels } from '../../models/load.ts';
import {
  entriesFor,
  type ManifestEntry,
  ModelUnavailable,
  readManifest,
  shippedFolder,
} from '../../models/manifest.ts';

/** Pictures of a pack are often smaller than frames of exam clients, and may be larger. */
export const SIDES = { min: 16, max: 8192 };

/** A detector and a pose network, opened as in the server. */
export interface Pair {
  readonly name: string;
  readonly models: WorkerModels;
  readonly entries: readonly ManifestEntry[];
  readonly pipeline: Pipeline;
}

/** Face adapter, then pose adapter: the project's own, and public ones for comparison. */
const CHOICES = [
  { face: 'own', gaze: 'own' },
  { face: 'yunet', gaze: 'mesh' },
] as const;

/**
 * Pairs whose weights are available: only the project's own are shipped; others are searched where the server searches.
 */
export async function openPairs(say: (line: string) => void): Promise<readonly Pair[]> {
  const folders = [shippedFolder(), ...addedFolders(process.env)];
  const manifest = readManifest();
  const pairs: Pair[] = [];
  for (const { face, gaze } of CHOICES) {
    const name = `${face}+${gaze}`;
    try {
      const models = await checkModels({ folders, face, gaze });
      const entries = [...entriesFor(manifest, 'face', face), ...entriesFor(manifest, 'gaze', gaze)];
      pairs.push({ name, models, entries, pipeline: await openPipeline(models, new JpegDecoder(SIDES)) });
    } catch (error) {
      if (!(error instanceof ModelUnavailable) || face === 'own') throw error;
      say(`${name} skipped: ${error.message}`);
    }
  }
  return pairs;
}
