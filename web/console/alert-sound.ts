import { playTones } from '../shared/tones.ts';

/** Minimum time between two alerts, ms. */
const PAUSE_MS = 3000;
const TONES_HZ = [660, 880];
let lastAt = -Infinity;

/** Alert of two short tones, at most one every three seconds. */
export function playAlert(): void {
  const now = performance.now();
  if (now - lastAt < PAUSE_MS) return;
  lastAt = now;
  playTones(TONES_HZ);
}
