import { numberOption } from '../../simulator/options.ts';

/** Seeds of one set; no two sets share one. */
export const SET = 100_000;

export const SEEDS_OPTION = {
  seeds: '  --seeds N      set of seeds; rules and points were chosen on set 0, others are held out',
} as const;

/** @throws UsageError */
export const seedSet = (own: Readonly<Record<string, string | undefined>> | undefined): number =>
  own?.['seeds'] === undefined ? 0 : numberOption('seeds', own['seeds'], { min: 0, max: 1000, whole: true });
