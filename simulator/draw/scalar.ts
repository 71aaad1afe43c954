/** Shaping functions of one number, as in shading languages. */

export function clamp(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value;
}

export function mix(a: number, b: number, t: number): number {
  return a + (b - a) * t;
}

/** 0 below `from`, 1 above `to`, smooth between; `from` > `to` falls instead of rising. */
export function smoothstep(from: number, to: number, value: number): number {
  const t = clamp((value - from) / (to - from), 0, 1);
  return t * t * (3 - 2 * t);
}

/** Bell curve exp(-(value / width)^2), cut to 0 below a thousandth. */
export function bump(value: number, width: number): number {
  const t = value / width;
  return t > 2.6 || t < -2.6 ? 0 : Math.exp(-t * t);
}

/** Piecewise linear through (x, y) points sorted by x; constant outside. */
export function through(points: readonly (readonly [x: number, y: number])[], x: number): number {
  let before = points[0] ?? [0, 0];
  for (const point of points) {
    if (x < point[0]) {
      const span = point[0] - before[0];
      return span > 0 ? mix(before[1], point[1], smoothstep(before[0], point[0], x)) : point[1];
    }
    before = point;
  }
  return before[1];
}
