import { findFile, loadFiles, type ManifestEntry, ModelUnavailable } from '../manifest.ts';

/** `shipped` and `present`: there, with the manifest's size and digest. */
type State = 'shipped' | 'present' | 'missing' | 'WRONG';

export interface Inspected {
  readonly entry: ManifestEntry;
  readonly state: State;
  /** The file that would be loaded. */
  readonly path?: string;
  /** Fault of the file. */
  readonly problem?: string;
}

/** Looks up an entry's file like the server, in the first folder that has it, and verifies it. */
export async function inspect(entry: ManifestEntry, folders: readonly string[]): Promise<Inspected> {
  const path = findFile(entry, folders);
  if (path === undefined) return { entry, state: 'missing' };
  try {
    await loadFiles([entry], folders);
    return { entry, state: entry.shipped ? 'shipped' : 'present', path };
  } catch (error) {
    if (!(error instanceof ModelUnavailable)) throw error;
    return { entry, state: 'WRONG', path, problem: error.message };
  }
}
