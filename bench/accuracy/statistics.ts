/** Two-sided 95 % quantile of the normal distribution. */
const Z = 1.96;

/**
 * 95 % interval of a share (E. B. Wilson: Probable inference, the law of succession, and statistical inference, 1927).
 * Unlike the usual one it stays within 0..1 and is informative even for 0 of n.
 * @returns low and high, 0..1; null without cases
 */
export function wilson(hits: number, cases: number): readonly [low: number, high: number] | null {
  if (cases === 0) return null;
  const share = hits / cases;
  const square = Z * Z;
  const middle = share + square / (2 * cases);
  const half = Z * Math.sqrt((share * (1 - share)) / cases + square / (4 * cases * cases));
  const whole = 1 + square / cases;
  return [Math.max(0, (middle - half) / whole), Math.min(1, (middle + half) / whole)];
}

/** Signed difference from `from` to `to` the short way round, degrees: -180 < result <= 180. */
export function turn(from: number, to: number): number {
  const difference = (((to - from) % 360) + 360) % 360;
  return difference > 180 ? difference - 360 : difference;
}

/** null without values. */
export function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** @param errors signed; null without any */
export const meanAbsolute = (errors: readonly number[]): number | null => mean(errors.map(Math.abs));
