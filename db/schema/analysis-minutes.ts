import type { JSONColumnType } from 'kysely';

/** What the frames of one minute showed, as one owner of the session counted it. Angles in degrees. */
export interface AnalysisMinutesTable {
  session_id: string;
  owner_epoch: number;
  /** Its beginning, server time. */
  minute: Date;
  received: number;
  analysed: number;
  /** Frames that were not looked at, by reason. */
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
  /** `name@version` of the weights that looked. */
  models: JSONColumnType<string[]>;
}
