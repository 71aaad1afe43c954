import type { SessionView } from '../../protocol/down.ts';
import { presenceOf } from './filters.ts';

/** Running sessions of one exam. */
export interface ExamCounts {
  readonly running: number;
  readonly connected: number;
  readonly medium: number;
  readonly high: number;
}

export const NO_COUNTS: ExamCounts = { running: 0, connected: 0, medium: 0, high: 0 };

/** Pure: counts by exam id. */
export function countByExam(sessions: Iterable<SessionView>): Record<string, ExamCounts> {
  const counts: Record<string, ExamCounts> = {};
  for (const session of sessions) {
    if (session.status === 'ended') continue;
    const { running, connected, medium, high } = counts[session.examId] ?? NO_COUNTS;
    counts[session.examId] = {
      running: running + 1,
      connected: connected + (presenceOf(session) === 'connected' ? 1 : 0),
      medium: medium + (session.level === 'Medium' ? 1 : 0),
      high: high + (session.level === 'High' ? 1 : 0),
    };
  }
  return counts;
}
