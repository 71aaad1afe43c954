/** Sessions at once. */
const SESSIONS = [1, 4, 16, 64, 256] as const;
/** At this share of what the closed loop reaches, the open loop is held against the time of a single frame. */
export const LOAD = 0.7;
/** So many sessions stand for a full server. */
const FULL = 64;
/**
 * Rate that the closed loop's policy asks for, frames/s: an exam's author may ask for 15. At a tenth of it, the least
 * that the shared rate comes down to, it still holds back nobody who waits for the last analysis.
 */
export const UNTHROTTLED_FPS = 1000;
/** Connections and the just-in-time compiler find their pace first, ms. */
export const WARM_UP_MS = 1500;

/** @param asked only so many at once, and one for the time of a single frame */
export const sessionsOf = (asked: number | undefined): number[] =>
  asked === undefined ? [...SESSIONS] : [...new Set([1, asked])];

export const fullOf = (sessions: readonly number[]): number => (sessions.includes(FULL) ? FULL : Math.max(...sessions));

export type Work = { readonly kind: 'closed' | 'open' | 'load'; readonly sessions: number };

/** One round, in order: the closed loops come before the share of what they reach. */
export const roundOf = (sessions: readonly number[]): Work[] => [
  ...sessions.map((count): Work => ({ kind: 'closed', sessions: count })),
  { kind: 'load', sessions: fullOf(sessions) },
  ...sessions.map((count): Work => ({ kind: 'open', sessions: count })),
];

export function nameOf({ kind, sessions }: Work, fps: number): string {
  if (kind === 'closed') return `closed loop, ${sessions}`;
  return kind === 'load' ? `${LOAD * 100} % load, ${sessions}` : `open loop at ${fps}/s, ${sessions}`;
}
