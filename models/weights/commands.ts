import type { ManifestEntry } from '../manifest.ts';
import { FetchFailure } from './failure.ts';
import { fetchModel, refuseShipped } from './fetch-model.ts';
import { inspect, type Inspected } from './inspect.ts';
import { Progress } from './progress.ts';
import { plain, table } from './table.ts';

/** Folders and output of a command. */
export interface Place {
  readonly manifest: readonly ManifestEntry[];
  /** The project's own folder first, then the added ones; `fetch` writes to the first of these. */
  readonly folders: readonly [string, string, ...string[]];
  readonly out: (line: string) => void;
  readonly error: (line: string) => void;
  readonly terminal: NodeJS.WriteStream;
}

/** Exit status: done, failed, invalid arguments. */
export type Status = 0 | 1 | 2;

/** Timeout of a stalled connection; a slow one is not aborted. */
const STALL_MS = 30_000;

export async function list({ manifest, folders, out }: Place, json: boolean): Promise<Status> {
  say(await Promise.all(manifest.map((entry) => inspect(entry, folders))), out, json);
  return 0;
}

/** Fails for a file that differs from the manifest, and for a missing one that was named or belongs to the project. */
export async function verify(place: Place, names: readonly string[], json: boolean): Promise<Status> {
  const { manifest, folders, out, error } = place;
  const named = names.length > 0 ? names.map((name) => entryNamed(manifest, name)) : manifest;
  const inspected = await Promise.all(named.map((entry) => inspect(entry, folders)));
  say(inspected, out, json);
  const bad = inspected.filter(
    ({ entry, state }) => state === 'WRONG' || (state === 'missing' && (names.length > 0 || entry.shipped)),
  );
  for (const { entry, problem } of bad)
    error(problem ?? `${entry.name}: ${entry.file} is not in any of ${folders.join(', ')}`);
  return bad.length > 0 ? 1 : 0;
}

/** Checks all names before the first download. A failed download does not stop the others. */
export async function fetchAll(place: Place, names: readonly string[], from: string | undefined): Promise<Status> {
  const entries = names.map((name) => entryNamed(place.manifest, name));
  entries.forEach(refuseShipped);
  let status: Status = 0;
  for (const entry of entries) if (!(await fetchOne(place, entry, from))) status = 1;
  return status;
}

async function fetchOne(
  { folders, out, error, terminal }: Place,
  entry: ManifestEntry,
  from: string | undefined,
): Promise<boolean> {
  const progress = new Progress(terminal, entry.name);
  try {
    const options = { stallMs: STALL_MS, progress: progress.show.bind(progress), ...(from !== undefined && { from }) };
    const { path, fetched } = await fetchModel(entry, folders[1], options);
    progress.clear();
    out(`${entry.name}: ${fetched ? 'fetched' : 'already there'}, ${path}`);
    return true;
  } catch (failure) {
    if (!(failure instanceof FetchFailure)) throw failure;
    progress.clear();
    error(`${entry.name}: ${failure.code}: ${failure.message}${hint(failure)}`);
    return false;
  }
}

function hint({ code }: FetchFailure): string {
  return code === 'network' || code === 'stalled' ? ' (the partial file is kept: run the command again to resume)' : '';
}

/** @throws FetchFailure with the known names */
function entryNamed(manifest: readonly ManifestEntry[], name: string): ManifestEntry {
  const entry = manifest.find((candidate) => candidate.name === name);
  if (!entry)
    throw new FetchFailure(
      'unknown_model',
      `unknown model ${name}: known are ${manifest.map((known) => known.name).join(', ')}`,
    );
  return entry;
}

function say(rows: readonly Inspected[], out: (line: string) => void, json: boolean): void {
  out(json ? JSON.stringify(rows.map(plain), undefined, 2) : table(rows));
}
