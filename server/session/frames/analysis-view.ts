import type { AnalysisMinuteRow } from '../../../db/analysis-minutes.ts';
import type { IncidentSpan } from '../../../db/events.ts';
import type { AnalysisMinute } from '../../../protocol/http/analysis.ts';

const MINUTE_MS = 60_000;

const hundredth = (value: number) => Math.round(value * 100) / 100;

const sumOf = (rows: readonly AnalysisMinuteRow[], field: (row: AnalysisMinuteRow) => number) =>
  rows.reduce((sum, row) => sum + field(row), 0);

/** Mean and standard deviation from sums over `count` values. */
function spreadOf(count: number, sum: number, squares: number): { mean: number; deviation: number } {
  const mean = sum / count;
  return { mean: hundredth(mean), deviation: hundredth(Math.sqrt(Math.max(0, squares / count - mean * mean))) };
}

/** Adds each incident to the minutes that it touches, of those that there are, which are in order. */
function tallyIncidents(
  minutes: readonly number[],
  incidents: readonly IncidentSpan[],
  now: number,
): Map<number, AnalysisMinute['incidents']> {
  const tallies = new Map<number, AnalysisMinute['incidents']>(minutes.map((minute) => [minute, {}]));
  for (const { type, started_at: startedAt, ended_at: endedAt } of incidents) {
    const [start, end] = [startedAt.getTime(), endedAt?.getTime() ?? now];
    for (
      let i = firstAfter(minutes, start - MINUTE_MS);
      i < minutes.length && minutes[i]! <= Math.max(start, end);
      i++
    ) {
      const from = minutes[i]!;
      const until = from + MINUTE_MS;
      const began = start >= from && start < until;
      const lasted = Math.min(until, end) - Math.max(from, start);
      if (!began && lasted <= 0) continue;
      const entry = (tallies.get(from)![type] ??= { began: 0, seconds: 0 });
      if (began) entry.began += 1;
      entry.seconds = hundredth(entry.seconds + Math.max(0, lasted) / 1000);
    }
  }
  return tallies;
}

/** Place of the first that is greater. */
function firstAfter(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** One minute, summed over the owners that the session had in it. */
function minuteOf(
  minute: number,
  rows: readonly AnalysisMinuteRow[],
  incidents: AnalysisMinute['incidents'],
): AnalysisMinute {
  const analysed = sumOf(rows, (row) => row.analysed);
  const poses = sumOf(rows, (row) => row.pose_frames);
  const gazes = sumOf(rows, (row) => row.gaze_frames);
  const dropped: Record<string, number> = {};
  for (const row of rows)
    for (const [reason, count] of Object.entries(row.dropped)) dropped[reason] = (dropped[reason] ?? 0) + count;
  const spread = (
    count: number,
    sum: (row: AnalysisMinuteRow) => number,
    squares: (row: AnalysisMinuteRow) => number,
  ) => spreadOf(count, sumOf(rows, sum), sumOf(rows, squares));
  return {
    minute: new Date(minute).toISOString(),
    frames: { received: sumOf(rows, (row) => row.received), analysed, dropped },
    faces: {
      none: sumOf(rows, (row) => row.faces_none),
      one: sumOf(rows, (row) => row.faces_one),
      more: sumOf(rows, (row) => row.faces_more),
    },
    pose:
      poses === 0
        ? null
        : {
            yaw: spread(
              poses,
              (row) => row.yaw_sum,
              (row) => row.yaw_squares,
            ),
            pitch: spread(
              poses,
              (row) => row.pitch_sum,
              (row) => row.pitch_squares,
            ),
          },
    gaze: {
      known: analysed === 0 ? 0 : hundredth(gazes / analysed),
      yaw:
        gazes === 0
          ? null
          : spread(
              gazes,
              (row) => row.gaze_yaw_sum,
              (row) => row.gaze_yaw_squares,
            ),
      pitch:
        gazes === 0
          ? null
          : spread(
              gazes,
              (row) => row.gaze_pitch_sum,
              (row) => row.gaze_pitch_squares,
            ),
    },
    incidents,
    models: [...new Set(rows.flatMap((row) => row.models))].sort(),
  };
}

/**
 * Stored minutes of one session, and its incidents in that time, as they are answered. `now`: server ms, the end of
 * what lasts.
 */
export function analysisView(
  rows: readonly AnalysisMinuteRow[],
  incidents: readonly IncidentSpan[],
  now: number,
): AnalysisMinute[] {
  const byMinute = new Map<number, AnalysisMinuteRow[]>();
  for (const row of rows) {
    const own = byMinute.get(row.minute.getTime());
    if (own) own.push(row);
    else byMinute.set(row.minute.getTime(), [row]);
  }
  const tallies = tallyIncidents([...byMinute.keys()], incidents, now);
  return [...byMinute].map(([minute, own]) => minuteOf(minute, own, tallies.get(minute)!));
}
