/**
 * Jain's fairness index of the shares: 1 if all are equal, 1/n if one has everything. R. Jain, D. Chiu, W. Hawe: A
 * Quantitative Measure of Fairness and Discrimination for Resource Allocation in Shared Computer Systems, DEC-TR-301,
 * 1984.
 */
export function jain(shares: readonly number[]): number {
  const sum = shares.reduce((total, share) => total + share, 0);
  const squares = shares.reduce((total, share) => total + share * share, 0);
  return squares === 0 ? Number.NaN : (sum * sum) / (shares.length * squares);
}
