/** Probability that a value of the first list is above one of the second; ties count half. NaN without values. */
export function auc(above: readonly number[], below: readonly number[]): number {
  let wins = 0;
  for (const one of above) for (const other of below) wins += one > other ? 1 : one === other ? 0.5 : 0;
  return wins / (above.length * below.length);
}

/** Place of a value among others, from 1: one more than how many are above it. */
export const rankOf = (value: number, others: readonly number[]): number =>
  1 + others.filter((other) => other > value).length;
