import { mean, meanAbsolute, wilson } from './statistics.ts';

/** One accuracy figure of one pair of models. */
export interface Measure {
  readonly name: string;
  /** null without samples. */
  readonly value: number | null;
  readonly unit: string;
  /** Number of samples. */
  readonly n: number;
  /** 95 % interval, in the figure's unit; shares only. */
  readonly interval: readonly [low: number, high: number] | null;
}

/** Related figures. */
export interface Section {
  readonly title: string;
  readonly measures: readonly Measure[];
}

/** Share of true cases, per cent. */
export const share = (name: string, cases: readonly boolean[]): Measure => proportion(name, cases, 100, '%');

/** Rate of rare cases, per thousand. */
export const perThousand = (name: string, cases: readonly boolean[]): Measure =>
  proportion(name, cases, 1000, 'per 1,000');

function proportion(name: string, cases: readonly boolean[], whole: number, unit: string): Measure {
  const n = cases.length;
  const hits = cases.filter(Boolean).length;
  const interval = wilson(hits, n);
  return {
    name,
    value: n === 0 ? null : (hits / n) * whole,
    unit,
    n,
    interval: interval && [interval[0] * whole, interval[1] * whole],
  };
}

/** Mean absolute error of signed errors in degrees. */
export const error = (name: string, errors: readonly number[]): Measure => ({
  name,
  value: meanAbsolute(errors),
  unit: 'deg',
  n: errors.length,
  interval: null,
});

/** Mean of signed errors in degrees. */
export const bias = (name: string, errors: readonly number[]): Measure => ({
  name,
  value: mean(errors),
  unit: 'deg',
  n: errors.length,
  interval: null,
});

/** Mean of values 0..1. */
export const average = (name: string, values: readonly number[]): Measure => ({
  name,
  value: mean(values),
  unit: '0 to 1',
  n: values.length,
  interval: null,
});

/** Any other measurement. */
export const plain = (name: string, value: number | null, unit: string, n: number): Measure => ({
  name,
  value,
  unit,
  n,
  interval: null,
});
