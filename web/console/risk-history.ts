/** Recent rolling risk of a session. It decays between changes by a known formula, so that only changes are stored. */

export interface RiskPoint {
  /** ms. */
  readonly at: number;
  readonly rolling: number;
}

export const SPAN_MS = 10 * 60_000;
/** Changes stored per session; the oldest are dropped first. */
const MAX_POINTS = 120;

/** Pure: the decayed risk at `now`. @param halfLife seconds */
export const decayed = ({ at, rolling }: RiskPoint, now: number, halfLife: number): number =>
  now <= at ? rolling : rolling * 2 ** (-(now - at) / (halfLife * 1000));

/** Pure: adds a change and drops those before the span, except the last one, where the curve starts. */
export function addPoint(points: readonly RiskPoint[], point: RiskPoint): readonly RiskPoint[] {
  const from = points.findLastIndex(({ at }) => at <= point.at - SPAN_MS);
  return [...points.slice(Math.max(0, from)), point].slice(-MAX_POINTS);
}

/** Pure: the risk at a time; undefined before the first known change. */
export function riskAt(points: readonly RiskPoint[], at: number, halfLife: number): number | undefined {
  const point = points.findLast((each) => each.at <= at);
  return point && decayed(point, at, halfLife);
}

/**
 * Pure: the last ten minutes as the `d` of an SVG path in a box of `width` x `height`; empty without data. `top` is the
 * risk at the upper edge; a higher value extends the scale.
 */
export function sparkPath(
  points: readonly RiskPoint[],
  now: number,
  halfLife: number,
  { width, height, top }: { width: number; height: number; top: number },
): string {
  const steps = 40;
  const values = Array.from({ length: steps + 1 }, (_, i) =>
    riskAt(points, now - SPAN_MS + (i * SPAN_MS) / steps, halfLife),
  );
  const most = Math.max(top, ...values.map((value) => value ?? 0));
  let path = '';
  values.forEach((value, i) => {
    if (value === undefined) return;
    const [x, y] = [(i * width) / steps, height - 1 - (value / most) * (height - 2)];
    path += `${path ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`;
  });
  // A single point is drawn as a dot.
  return path.includes('L') || !path ? path : `${path}h0`;
}
