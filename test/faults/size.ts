/** `npm run test:faults` runs the faults at their full size; every other run, and CI, at the smaller one. */
export const FULL_SIZE = process.env['INVIGIL_FAULTS'] === 'full';

export const sized = <T>(full: T, small: T): T => (FULL_SIZE ? full : small);
