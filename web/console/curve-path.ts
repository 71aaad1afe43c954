/** Pure: values over time as the `d` of an SVG path; `maximum` is at the upper edge. */
export function curvePath(
  at: readonly number[],
  values: readonly number[],
  maximum: number,
  { width, height }: { width: number; height: number },
): string {
  const [from, to] = [at[0] ?? 0, at.at(-1) ?? 0];
  const span = to - from || 1;
  const x = (time: number) => (((time - from) / span) * width).toFixed(1);
  const y = (value: number) => (height - 1 - (value / maximum) * (height - 2)).toFixed(1);
  return values.map((value, i) => `${i === 0 ? 'M' : 'L'}${x(at[i] ?? from)} ${y(value)}`).join('');
}
