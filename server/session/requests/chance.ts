import { DIRECTIONS, type Direction } from '../../../protocol/request-kinds.ts';
import { randomInt } from 'node:crypto';

/** 0 <= x < 1. Tests give their own, with a seed. */
export type Random = () => number;

const STEPS = 2 ** 47;

/** Unpredictable: from the system's generator. */
export const cryptoRandom: Random = () => randomInt(STEPS) / STEPS;

/** Between two requests at least, ms. */
const LEAST_MS = 90_000;
/** Times the mean at most: in a long exam nobody is left out. */
const MOST = 3;
const HOUR_MS = 3_600_000;

/**
 * Time until the next request, ms. Exponential, so that the time that has passed says nothing about the time that is
 * left (Poisson process), but for the least time between two.
 * @param perHour on average; more than 0, at most 12
 */
export function untilNext(perHour: number, random: Random): number {
  const mean = HOUR_MS / perHour;
  return Math.round(LEAST_MS + Math.min(MOST * mean, -Math.log(1 - random()) * (mean - LEAST_MS)));
}

/** The time has come, but not the moment: the student is away, or paused. Another look after this long, ms. */
export const untilLater = (random: Random): number => Math.round(15_000 + random() * 45_000);

/** @param not drawn before: that one is known by now */
export function drawDirection(random: Random, not?: Direction): Direction {
  const left = DIRECTIONS.filter((one) => one !== not);
  return left[Math.floor(random() * left.length)]!;
}
