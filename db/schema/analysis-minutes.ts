import type { JSONColumnType } from 'kysely';

/** Analysis results of one minute, as counted by one owner of the session. Angles in degrees. */
export interface AnalysisMinutesTable {
  session_id: string;
  owner_epoch: number;
  /** Start of the minute, server time. */
  minute: Date;
  received: number;
  analysed: number;
  /** Frames not analysed, by reason. */
  dropped: JSONColumnType<Record<string, number>>;
  faces_none: number;
  faces_one: number;
  faces_more: number;
  /** Frames with a pose, with the sums of its angles and of their squares. */
  pose_frames: number;
  yaw_sum: number;
  yaw_squares: number;
  pitch_sum: number;
  pitch_squares: number;
  /** Frames with a gaze, likewise. */
  gaze_frames: number;
  gaze_yaw_sum: number;
  gaze_yaw_squares: number;
  gaze_pitch_sum: number;
  gaze_pitch_squares: number;
  /** `name@version` of the models used. */
  models: JSONColumnType<string[]>;
}
