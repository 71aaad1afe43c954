import type { AnalysisMinuteRow } from '../../db/analysis-minutes.ts';
import type { EventRow } from '../../db/events.ts';
import type { AnalysisMinute } from '../../protocol/http/analysis.ts';

const MINUTE_MS = 60_000;

const hundredth = (value: number) => Math.round(value * 100) / 100;

const sumOf = (rows: readonly AnalysisMinuteRow[], field: (row: AnalysisMinuteRow) => number) => rows.reduce((sum, row) => sum + field(row), 0);

/** Of sums over `count` values. */
function spreadOf(count: number, sum: number, squares: number): { mean: number; deviation: number } {
  const mean = sum / count;
  return { mean: hundredth(mean), deviation: hundredth(Math.sqrt(Math.max(0, squares / count - mean * mean))) };
}

function incidentsOf(from: number, incidents: readonly EventRow[], now: number): AnalysisMinute['incidents'] {
  const until = from + MINUTE_MS;
  const byType: AnalysisMinute['incidents'] = {};
  for (const { type, started_at: startedAt, ended_at: endedAt } of incidents) {
    const began = startedAt.getTime() >= from && startedAt.getTime() < until;
    const lasted = Math.min(until, endedAt?.getTime() ?? now) - Math.max(from, startedAt.getTime());
    if (!began && lasted <= 0) continue;
    const entry = (byType[type] ??= { began: 0, seconds: 0 });
    if (began) entry.began += 1;
    entry.seconds = hundredth(entry.seconds + Math.max(0, lasted) / 1000);
  }
  return byType;
}

/** One minute, summed over the owners that the session had in it. */
function minuteOf(minute: number, rows: readonly AnalysisMinuteRow[], incidents: readonly EventRow[], now: number): AnalysisMinute {
  const analysed = sumOf(rows, (row) => row.analysed);
  const poses = sumOf(rows, (row) => row.pose_frames);
  const gazes = sumOf(rows, (row) => row.gaze_frames);
  const dropped: Record<string, number> = {};
  for (const row of rows) for (const [reason, count] of Object.entries(row.dropped)) dropped[reason] = (dropped[reason] ?? 0) + count;
  const spread = (count: number, sum: (row: AnalysisMinuteRow) => number, squares: (row: AnalysisMinuteRow) => number) => spreadOf(count, sumOf(rows, sum), sumOf(rows, squares));
  return {
    minute: new Date(minute).toISOString(),
    frames: { received: sumOf(rows, (row) => row.received), analysed, dropped },
    faces: { none: sumOf(rows, (row) => row.faces_none), one: sumOf(rows, (row) => row.faces_one), more: sumOf(rows, (row) => row.faces_more) },
    pose: poses === 0 ? null : { yaw: spread(poses, (row) => row.yaw_sum, (row) => row.yaw_squares), pitch: spread(poses, (row) => row.pitch_sum, (row) => row.pitch_squares) },
    gaze: {
      known: analysed === 0 ? 0 : hundredth(gazes / analysed),
      yaw: gazes === 0 ? null : spread(gazes, (row) => row.gaze_yaw_sum, (row) => row.gaze_yaw_squares),
      pitch: gazes === 0 ? null : spread(gazes, (row) => row.gaze_pitch_sum, (row) => row.gaze_pitch_squares),
    },
    incidents: incidentsOf(minute, incidents, now),
    models: [...new Set(rows.flatMap((row) => row.models))].sort(),
  };
}

/** Stored minutes of one session, and its incidents in that time, as they are answered. `now`: server ms, the end of what lasts. */
export function analysisView(rows: readonly AnalysisMinuteRow[], incidents: readonly EventRow[], now: number): AnalysisMinute[] {
  const byMinute = new Map<number, AnalysisMinuteRow[]>();
  for (const row of rows) byMinute.set(row.minute.getTime(), [...(byMinute.get(row.minute.getTime()) ?? []), row]);
  return [...byMinute].map(([minute, own]) => minuteOf(minute, own, incidents, now));
}
