import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { parseSync } from 'vite';

/** One file that imports another. */
export interface Import {
  /** Path from the repository's root. */
  readonly from: string;
  /** Path from the root, or the name of a package (`@scope/name` without what follows), or `node:`. */
  readonly to: string;
}

const SOURCE = /\.(ts|tsx|mjs)$/;
const APART = new Set(['node_modules', 'dist', 'data', 'coverage']);

/** Imports of all source files below `root`: of values and of types, exports from elsewhere, and dynamic ones. */
export function readImports(root: string): Import[] {
  return sourcesIn(root).flatMap((from) => {
    const source = readFileSync(join(root, from), 'utf8');
    return specifiersOf(from, source).map((specifier) => ({ from, to: targetOf(from, specifier) }));
  });
}

function sourcesIn(root: string, folder = ''): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) return entry.name.startsWith('.') || APART.has(entry.name) ? [] : sourcesIn(root, path);
    return SOURCE.test(entry.name) ? [path] : [];
  });
}

function specifiersOf(path: string, source: string): string[] {
  const { module, errors } = parseSync(path, source);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]!.message}`);
  const literal = /^(['"])(.*)\1$/;
  return [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []),
    ),
    ...module.dynamicImports.flatMap(
      ({ moduleRequest: { start, end } }) => literal.exec(source.slice(start, end))?.[2] ?? [],
    ),
  ];
}

function targetOf(from: string, specifier: string): string {
  if (specifier.startsWith('node:')) return 'node:';
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier.replace(/\?.*$/, ''));
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}
