/** Concurrent sessions. */
const SESSIONS = [1, 4, 16, 64, 256] as const;
/** Share of the closed loop's rate at which the open loop is compared with the time of a single frame. */
export const LOAD = 0.7;
/** Number of sessions that fill a server. */
const FULL = 64;
/**
 * Rate of the closed loop's policy, frames/s; an exam's author may set at most 15. Even at a tenth of it, the minimum
 * of the shared rate, it does not delay a student waiting for the last analysis.
 */
export const UNTHROTTLED_FPS = 1000;
/** Warm-up of connections and the just-in-time compiler, ms. */
export const WARM_UP_MS = 1500;

/** @param asked only this number of sessions, and one for the time of a single frame */
export const sessionsOf = (asked: number | undefined): number[] =>
  asked === undefined ? [...SESSIONS] : [...new Set([1, asked])];

export const fullOf = (sessions: readonly number[]): number => (sessions.includes(FULL) ? FULL : Math.max(...sessions));

export type Work = { readonly kind: 'closed' | 'open' | 'load'; readonly sessions: number };

/** One round, in order: closed loops come before the share of their rate. */
export const roundOf = (sessions: readonly number[]): Work[] => [
  ...sessions.map((count): Work => ({ kind: 'closed', sessions: count })),
  { kind: 'load', sessions: fullOf(sessions) },
  ...sessions.map((count): Work => ({ kind: 'open', sessions: count })),
];

export function nameOf({ kind, sessions }: Work, fps: number): string {
  if (kind === 'closed') return `closed loop, ${sessions}`;
  return kind === 'load' ? `${LOAD * 100} % load, ${sessions}` : `open loop at ${fps}/s, ${sessions}`;
}
