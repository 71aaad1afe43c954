import type { AnalysisMinute } from '../../protocol/http/analysis.ts';

/** What became of a session's frames over some minutes. */
export interface FrameTally {
  readonly minutes: number;
  readonly received: number;
  readonly analysed: number;
  /** Not looked at, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
  readonly models: readonly string[];
}

/** Pure. */
export function tallyFrames(minutes: readonly AnalysisMinute[]): FrameTally {
  const dropped: Record<string, number> = {};
  for (const { frames } of minutes)
    for (const [reason, count] of Object.entries(frames.dropped)) dropped[reason] = (dropped[reason] ?? 0) + count;
  const sum = (of: (minute: AnalysisMinute) => number) => minutes.reduce((total, minute) => total + of(minute), 0);
  return {
    minutes: minutes.length,
    received: sum(({ frames }) => frames.received),
    analysed: sum(({ frames }) => frames.analysed),
    dropped,
    models: [...new Set(minutes.flatMap(({ models }) => models))],
  };
}

/** Pure: the tally in words. */
export function tallyWords({ minutes, received, analysed, dropped }: FrameTally): string {
  if (minutes === 0) return 'No frame was received.';
  const lost = Object.entries(dropped)
    .filter(([, count]) => count > 0)
    .map(([reason, count]) => `${count} ${reason.replaceAll('_', ' ')}`);
  return `${received} ${received === 1 ? 'frame' : 'frames'} received in ${minutes} min, ${analysed} looked at${lost.length > 0 ? `; not looked at: ${lost.join(', ')}` : ''}.`;
}
