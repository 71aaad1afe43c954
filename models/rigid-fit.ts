/** Row-major 3 x 3 rotation. */
export type Rotation = readonly [number, number, number, number, number, number, number, number, number];

/**
 * Rotation that, with a shift and a scale that are discarded, fits `model` to `measured` in the least-squares sense: B.
 * K. P. Horn, Closed-form solution of absolute orientation using unit quaternions, J. Opt. Soc. Am. A 4 (1987), section
 * 4.
 * @param model, measured x, y, z of the same points in the same order
 */
export function fitRotation(model: ArrayLike<number>, measured: ArrayLike<number>): Rotation {
  return fromQuaternion(dominantVector(hornMatrix(crossCovariance(model, measured))));
}

/** Sum over the points of (model - its mean) times (measured - its mean), row-major: [xx, xy, xz, yx, ...]. */
function crossCovariance(model: ArrayLike<number>, measured: ArrayLike<number>): Float64Array {
  const points = model.length / 3;
  const sums = new Float64Array(9);
  const meanModel = new Float64Array(3);
  const meanMeasured = new Float64Array(3);
  for (let i = 0; i < model.length; i += 3) {
    for (let a = 0; a < 3; a++) {
      const value = model[i + a]!;
      meanModel[a]! += value / points;
      meanMeasured[a]! += measured[i + a]! / points;
      for (let b = 0; b < 3; b++) sums[a * 3 + b]! += value * measured[i + b]!;
    }
  }
  for (let a = 0; a < 3; a++) {
    for (let b = 0; b < 3; b++) sums[a * 3 + b]! -= points * meanModel[a]! * meanMeasured[b]!;
  }
  return sums;
}

/** Horn's symmetric 4 x 4 matrix N; the eigenvector of its largest eigenvalue is the quaternion of the rotation. */
function hornMatrix(s: Float64Array): number[][] {
  const [xx = 0, xy = 0, xz = 0, yx = 0, yy = 0, yz = 0, zx = 0, zy = 0, zz = 0] = s;
  return [
    [xx + yy + zz, yz - zy, zx - xz, xy - yx],
    [yz - zy, xx - yy - zz, xy + yx, zx + xz],
    [zx - xz, xy + yx, yy - xx - zz, yz + zy],
    [xy - yx, zx + xz, yz + zy, zz - xx - yy],
  ];
}

const SWEEPS = 12;

/** Cyclic Jacobi: a symmetric 4 x 4 matrix takes about five sweeps, and unlike power iteration it cannot stall. */
function dominantVector(m: number[][]): readonly [number, number, number, number] {
  const v = [
    [1, 0, 0, 0],
    [0, 1, 0, 0],
    [0, 0, 1, 0],
    [0, 0, 0, 1],
  ];
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (let p = 0; p < 3; p++) {
      for (let q = p + 1; q < 4; q++) rotate(m, v, p, q);
    }
  }
  let best = 0;
  for (let i = 1; i < 4; i++) if (m[i]![i]! > m[best]![best]!) best = i;
  return [v[0]![best]!, v[1]![best]!, v[2]![best]!, v[3]![best]!];
}

/** One Jacobi rotation that makes m[p][q] zero. */
function rotate(m: number[][], v: number[][], p: number, q: number): void {
  const off = m[p]![q]!;
  if (off === 0) return;
  const theta = (m[q]![q]! - m[p]![p]!) / (2 * off);
  const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  for (const row of [...m, ...v]) {
    const a = row[p]!;
    const b = row[q]!;
    row[p] = c * a - s * b;
    row[q] = s * a + c * b;
  }
  for (let i = 0; i < 4; i++) {
    const a = m[p]![i]!;
    const b = m[q]![i]!;
    m[p]![i] = c * a - s * b;
    m[q]![i] = s * a + c * b;
  }
}

function fromQuaternion([w, x, y, z]: readonly [number, number, number, number]): Rotation {
  return [
    w * w + x * x - y * y - z * z,
    2 * (x * y - w * z),
    2 * (x * z + w * y),
    2 * (x * y + w * z),
    w * w - x * x + y * y - z * z,
    2 * (y * z - w * x),
    2 * (x * z - w * y),
    2 * (y * z + w * x),
    w * w - x * x - y * y + z * z,
  ];
}
