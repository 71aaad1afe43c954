/** How a session's rolling risk went lately. Between two changes it decays by itself, so that only changes are kept. */

export interface RiskPoint {
  /** ms. */
  readonly at: number;
  readonly rolling: number;
}

export const SPAN_MS = 10 * 60_000;
/** So much is kept of each session; a busy one forgets its oldest changes. */
const MAX_POINTS = 120;

/** Pure: what is left of a risk after a while. @param halfLife seconds */
export const decayed = ({ at, rolling }: RiskPoint, now: number, halfLife: number): number =>
  now <= at ? rolling : rolling * 2 ** (-(now - at) / (halfLife * 1000));

/**
 * Pure: with one more change; what lies before the span is dropped but for the last of it, from which the curve comes.
 */
export function addPoint(points: readonly RiskPoint[], point: RiskPoint): readonly RiskPoint[] {
  const from = points.findLastIndex(({ at }) => at <= point.at - SPAN_MS);
  return [...points.slice(Math.max(0, from)), point].slice(-MAX_POINTS);
}

/** Pure: the risk at some time; undefined before the first change that is known. */
export function riskAt(points: readonly RiskPoint[], at: number, halfLife: number): number | undefined {
  const point = points.findLast((each) => each.at <= at);
  return point && decayed(point, at, halfLife);
}

/**
 * Pure: the curve of the last ten minutes as the `d` of an SVG path in a box of `width` x `height`; empty where nothing
 * is known. `top` is the risk at the upper edge; a higher one raises it.
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
