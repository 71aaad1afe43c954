/**
 * States of a verdict. `provisional`: the newest was not released; `answered`: the student has answered; `appealed`: an
 * appeal is open; `closed`: it has its outcome.
 */
export const VERDICT_STATES = ['provisional', 'released', 'answered', 'appealed', 'closed'] as const;
export type VerdictState = (typeof VERDICT_STATES)[number];
