/** Smooth random texture for skin, hair, cloth and walls. */

function lattice(x: number, y: number, seed: number): number {
  let hash = Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1) ^ Math.imul(seed, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 0x1_0000_0000;
}

/** Value noise with one lattice point per unit; -1..1. */
export function valueNoise(x: number, y: number, seed: number): number {
  const column = Math.floor(x);
  const row = Math.floor(y);
  const fx = x - column;
  const fy = y - row;
  const sx = fx * fx * (3 - 2 * fx);
  const sy = fy * fy * (3 - 2 * fy);
  const top = lattice(column, row, seed) * (1 - sx) + lattice(column + 1, row, seed) * sx;
  const bottom = lattice(column, row + 1, seed) * (1 - sx) + lattice(column + 1, row + 1, seed) * sx;
  return (top * (1 - sy) + bottom * sy) * 2 - 1;
}
