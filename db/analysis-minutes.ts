import { type Selectable, sql } from 'kysely';
import type { Executor } from './executor.ts';
import type { AnalysisMinutesTable } from './schema/analysis-minutes.ts';

export type AnalysisMinuteRow = Selectable<AnalysisMinutesTable>;

/** Absolute values, so that repeating the write changes nothing. Each key may occur once. */
export async function saveAnalysisMinutes(ex: Executor, minutes: readonly AnalysisMinuteRow[]): Promise<void> {
  await sql`
    INSERT INTO analysis_minutes (session_id, owner_epoch, minute, received, analysed, dropped, faces_none, faces_one, faces_more,
      pose_frames, yaw_sum, yaw_squares, pitch_sum, pitch_squares,
      gaze_frames, gaze_yaw_sum, gaze_yaw_squares, gaze_pitch_sum, gaze_pitch_squares, models)
    SELECT session_id, owner_epoch, minute, received, analysed, dropped, faces_none, faces_one, faces_more,
      pose_frames, yaw_sum, yaw_squares, pitch_sum, pitch_squares,
      gaze_frames, gaze_yaw_sum, gaze_yaw_squares, gaze_pitch_sum, gaze_pitch_squares, models
    FROM jsonb_to_recordset(${JSON.stringify(minutes)}::jsonb) AS v(
      session_id uuid, owner_epoch integer, minute timestamptz, received integer, analysed integer, dropped jsonb,
      faces_none integer, faces_one integer, faces_more integer, pose_frames integer, yaw_sum double precision,
      yaw_squares double precision, pitch_sum double precision, pitch_squares double precision, gaze_frames integer,
      gaze_yaw_sum double precision, gaze_yaw_squares double precision, gaze_pitch_sum double precision,
      gaze_pitch_squares double precision, models jsonb)
    ON CONFLICT (session_id, owner_epoch, minute) DO UPDATE SET
      received = excluded.received, analysed = excluded.analysed, dropped = excluded.dropped,
      faces_none = excluded.faces_none, faces_one = excluded.faces_one, faces_more = excluded.faces_more,
      pose_frames = excluded.pose_frames, yaw_sum = excluded.yaw_sum, yaw_squares = excluded.yaw_squares,
      pitch_sum = excluded.pitch_sum, pitch_squares = excluded.pitch_squares,
      gaze_frames = excluded.gaze_frames, gaze_yaw_sum = excluded.gaze_yaw_sum, gaze_yaw_squares = excluded.gaze_yaw_squares,
      gaze_pitch_sum = excluded.gaze_pitch_sum, gaze_pitch_squares = excluded.gaze_pitch_squares,
      models = excluded.models`.execute(ex);
}

/** The next `limit` minutes of a session, in order; a minute counted by several owners has a row of each. */
export async function listAnalysisMinutes(
  ex: Executor,
  filter: { session: string; after?: Date | undefined; limit: number },
): Promise<AnalysisMinuteRow[]> {
  let minutes = ex
    .selectFrom('analysis_minutes')
    .select('minute')
    .distinct()
    .where('session_id', '=', filter.session)
    .orderBy('minute')
    .limit(filter.limit);
  if (filter.after !== undefined) minutes = minutes.where('minute', '>', filter.after);
  return ex
    .selectFrom('analysis_minutes')
    .selectAll()
    .where('session_id', '=', filter.session)
    .where('minute', 'in', minutes)
    .orderBy('minute')
    .orderBy('owner_epoch')
    .execute();
}
