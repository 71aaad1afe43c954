import type { AnalysisMinute } from '../../protocol/http/analysis.ts';
import { t } from './messages.ts';

/** Frame counts of a session over several minutes. */
export interface FrameTally {
  readonly minutes: number;
  readonly received: number;
  readonly analysed: number;
  /** Frames that were not analysed, by reason. */
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

/** Pure: the tally as a sentence. */
export function tallyText({ minutes, received, analysed, dropped }: FrameTally): string {
  const { session } = t;
  if (minutes === 0) return session.noFrames;
  const reasons = Object.entries(dropped)
    .filter(([, count]) => count > 0)
    .map(([reason, count]) => session.dropped(count, session.dropReasons[reason] ?? reason.replaceAll('_', ' ')));
  const rest = reasons.length > 0 ? `; ${session.framesDropped(reasons.join(', '))}` : '';
  return `${session.frames(received, minutes, analysed)}${rest}.`;
}
