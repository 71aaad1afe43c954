/** Pure: values over time as the `d` of an SVG path; `most` is at the upper edge. */
export function curvePath(
  at: readonly number[],
  values: readonly number[],
  most: number,
  { width, height }: { width: number; height: number },
): string {
  const [from, to] = [at[0] ?? 0, at.at(-1) ?? 0];
  const span = to - from || 1;
  return values
    .map(
      (value, i) =>
        `${i === 0 ? 'M' : 'L'}${((((at[i] ?? from) - from) / span) * width).toFixed(1)} ${(height - 1 - (value / most) * (height - 2)).toFixed(1)}`,
    )
    .join('');
}
