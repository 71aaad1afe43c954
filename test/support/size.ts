/** `npm run test:faults` runs the fault tests at full size; all other runs, and CI, use the smaller size. */
export const FULL_SIZE = process.env['INVIGIL_FAULTS'] === 'full';

export const sized = <T>(full: T, small: T): T => (FULL_SIZE ? full : small);
