/** A range of values: low <= value < high. */
export interface Band {
  readonly name: string;
  readonly low: number;
  readonly high: number;
}

/**
 * Bands between neighbouring edges, the outer ones open.
 * @param edges ascending, at least one
 */
export function bands(edges: readonly number[], unit?: string): readonly Band[] {
  const last = edges.length - 1;
  const suffix = unit === undefined ? '' : ` ${unit}`;
  return [
    { name: `under ${edges[0]!}${suffix}`, low: Number.NEGATIVE_INFINITY, high: edges[0]! },
    ...edges
      .slice(0, last)
      .map((low, i) => ({ name: `${low} to ${edges[i + 1]!}${suffix}`, low, high: edges[i + 1]! })),
    { name: `${edges[last]!}${suffix} and more`, low: edges[last]!, high: Number.POSITIVE_INFINITY },
  ];
}

export const within = ({ low, high }: Band, value: number): boolean => value >= low && value < high;
