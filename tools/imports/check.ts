import { posix } from 'node:path';
import { DIRECTIONS, type Direction, PACKAGES } from './directions.ts';
import { type Import, readImports } from './read.ts';

const TEST = /\.test\.tsx?$/;

export const within = (path: string, place: string): boolean =>
  place.endsWith('/*') ? posix.dirname(path) === place.slice(0, -2) : path === place || path.startsWith(`${place}/`);

/** The row with the longest path to a file. */
function rowOf(path: string): Direction | undefined {
  const places = DIRECTIONS.flatMap((row) => row.of.filter((of) => within(path, of)).map((of) => ({ of, row })));
  return places.toSorted((a, b) => b.of.length - a.of.length)[0]?.row;
}

const isTest = (path: string) => within(path, 'test') || TEST.test(path);
const isFile = (to: string) => to.includes('/') && !to.startsWith('@');

const isBesideItsSource = (path: string) => TEST.test(path) && !within(path, 'bench') && !within(path, 'test');

/** Why an import is refused, or undefined. */
export function faultOf({ from, to }: Import): string | undefined {
  const row = rowOf(isBesideItsSource(from) ? 'test' : from);
  if (!row) return `${from} is in no row of tools/imports/directions.ts`;
  if (isFile(to)) {
    const target = rowOf(to);
    const holds = (place: string) => (place.endsWith('/*') ? target?.of.includes(place) : within(to, place));
    if (target === row || row.may.some(holds)) return undefined;
    return `${from} imports ${to}: no row of tools/imports/directions.ts allows it`;
  }
  if (row.packages && !row.packages.includes(to)) return `${from} imports ${to}: its row allows no such package`;
  const homes = PACKAGES[to];
  if (!homes || isTest(from) || homes.some((place) => within(from, place))) return undefined;
  return `${from} imports ${to}: only ${homes.join(', ')} may`;
}

export function faultsIn(root: string): string[] {
  return [...new Set(readImports(root).flatMap((one) => faultOf(one) ?? []))];
}
