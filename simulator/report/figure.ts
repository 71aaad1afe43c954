/** One measured figure. */
export interface Figure {
  readonly name: string;
  /** null: there was nothing to measure it on. */
  readonly value: number | null;
  readonly unit: string;
}

/** Rounded to what such measurements can tell: four digits that count. */
export function figure(name: string, value: number | null | undefined, unit: string): Figure {
  if (value === null || value === undefined || !Number.isFinite(value)) return { name, value: null, unit };
  const rounded = Number.isInteger(value) ? value : Number(value.toPrecision(4));
  return { name, value: rounded, unit };
}
