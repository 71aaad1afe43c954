import { resolve } from 'node:path';
import { addedFolders } from '../folders.ts';
import { readManifest, shippedFolder } from '../manifest.ts';
import { fetchAll, list, type Place, type Status, verify } from './commands.ts';
import { FetchFailure } from './failure.ts';
import { type Options, readOptions, USAGE } from './options.ts';

/**
 * `npm run models -- list | fetch NAME... | verify [NAME...]`: exit status 0, 1 on failure, 2 for invalid arguments.
 */

function run({ command, names, dir, from, json }: Options): Promise<Status> {
  const added = dir === undefined ? addedFolders(process.env) : ([resolve(dir)] as const);
  const place: Place = {
    manifest: readManifest(),
    folders: [shippedFolder(), ...added],
    out: console.log,
    error: console.error,
    terminal: process.stderr,
  };
  if (command === 'list') return list(place, json);
  return command === 'verify' ? verify(place, names, json) : fetchAll(place, names, from);
}

/** Nothing was done: the arguments are invalid. */
function refuse(message: string): void {
  console.error(message);
  process.exitCode = 2;
}

// Other users may read weights, never replace them.
process.umask(process.umask() | 0o022);

let options: Options | undefined;
try {
  options = readOptions(process.argv.slice(2));
} catch (error) {
  refuse(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
}
if (options) {
  try {
    process.exitCode = await run(options);
  } catch (error) {
    if (!(error instanceof FetchFailure)) throw error;
    refuse(`${error.code}: ${error.message}`);
  }
}
