import { delimiter, resolve } from 'node:path';

interface Where {
  readonly MODELS_DIR?: string | undefined;
  readonly DATA_DIR?: string | undefined;
}

/**
 * Additional weight folders, in search order after the project's own: those of `MODELS_DIR` (separated like PATH), then
 * `models` in the data folder. `npm run models -- fetch` writes to the first of them.
 */
export function addedFolders({ MODELS_DIR, DATA_DIR }: Where): readonly [string, ...string[]] {
  const data = resolve(DATA_DIR || './data', 'models');
  const [first, ...others] = (MODELS_DIR ?? '')
    .split(delimiter)
    .filter(Boolean)
    .map((path) => resolve(path));
  return first === undefined ? [data] : [first, ...others, data];
}
