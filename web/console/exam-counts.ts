import type { SessionView } from '../../protocol/down.ts';
import { attentionOf } from './attention.tsx';

/** Running sessions of one exam. */
export interface ExamCounts {
  readonly running: number;
  readonly connected: number;
  /** By attention. */
  readonly watch: number;
  readonly high: number;
}

export const NO_COUNTS: ExamCounts = { running: 0, connected: 0, watch: 0, high: 0 };

/** Pure: counts by exam id. */
export function countByExam(sessions: Iterable<SessionView>): Record<string, ExamCounts> {
  const counts: Record<string, ExamCounts> = {};
  for (const session of sessions) {
    if (session.status === 'ended') continue;
    const { running, connected, watch, high } = counts[session.examId] ?? NO_COUNTS;
    counts[session.examId] = {
      running: running + 1,
      connected: connected + (session.connected ? 1 : 0),
      watch: watch + (attentionOf(session).level === 'watch' ? 1 : 0),
      high: high + (attentionOf(session).level === 'high' ? 1 : 0),
    };
  }
  return counts;
}
