/** One measured figure. */
export interface Figure {
  readonly name: string;
  /** null without measurements. */
  readonly value: number | null;
  readonly unit: string;
}

/** Rounded to four significant digits, the precision of such measurements. */
export function figure(name: string, value: number | null | undefined, unit: string): Figure {
  if (value === null || value === undefined || !Number.isFinite(value)) return { name, value: null, unit };
  const rounded = Number.isInteger(value) ? value : Number(value.toPrecision(4));
  return { name, value: rounded, unit };
}
