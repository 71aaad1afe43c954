import { number } from './messages/numbers.ts';

/**
 * Attention as a whole number. Rounded down: the level changes at whole numbers, and 14.6 is not yet the 15 from which
 * a session is to be watched.
 */
export const attentionNumber = (value: number): string => number(Math.floor(value));
