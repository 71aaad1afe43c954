import type { AnalysisMinuteRow } from '../../../db/analysis-minutes.ts';
import type { Detection, LoadedModel } from '../../../models/jobs.ts';

/** Why a frame was not analysed. */
export type DropReason =
  | 'over_rate'
  | 'out_of_order'
  | 'quarantined'
  | 'invalid'
  | 'too_large'
  | 'not_due'
  | 'replaced'
  | 'paused'
  | 'ended'
  | 'store_away'
  | 'cut_off'
  | 'vision_off'
  | 'host_lost'
  | 'invalid_image'
  | 'inference_failed';

const MINUTE_MS = 60_000;
/** The current minute is written this often: a crash loses no more of it. */
const WRITE_EVERY_MS = 15_000;
/** Minutes that wait to be written while the database is down, at most; the oldest are dropped. */
const MAX_FINISHED = 240;

class Counts {
  readonly minute: number;
  received = 0;
  analysed = 0;
  readonly dropped: Partial<Record<DropReason, number>> = {};
  none = 0;
  one = 0;
  more = 0;
  poses = 0;
  yaw = 0;
  yawSquares = 0;
  pitch = 0;
  pitchSquares = 0;
  gazes = 0;
  gazeYaw = 0;
  gazeYawSquares = 0;
  gazePitch = 0;
  gazePitchSquares = 0;

  constructor(minute: number) {
    this.minute = minute;
  }
}

/**
 * One session's frames, counted by the minute in which something became of them, for one owner. Only numbers are
 * touched while frames come; rows are made when they are due to be written, with absolute values. Times are server ms.
 */
export class AnalysisMinutes {
  readonly #session: string;
  readonly #epoch: number;
  #counts: Counts | undefined;
  /** The first minute that was not begun yet. */
  #next = 0;
  #changed = false;
  #writtenAt: number;
  /** Minutes that are over and not written. */
  #finished: Counts[] = [];

  constructor(session: string, epoch: number, now: number) {
    this.#session = session;
    this.#epoch = epoch;
    this.#writtenAt = now;
  }

  /** Frames can come: a minute without any is one of the session, too. */
  watched(now: number): void {
    this.#at(now);
  }

  received(now: number): void {
    this.#at(now).received += 1;
    this.#changed = true;
  }

  dropped(reason: DropReason, now: number): void {
    const { dropped } = this.#at(now);
    dropped[reason] = (dropped[reason] ?? 0) + 1;
    this.#changed = true;
  }

  analysed({ faces, pose, gaze }: Pick<Detection, 'faces' | 'pose' | 'gaze'>, now: number): void {
    const counts = this.#at(now);
    this.#changed = true;
    counts.analysed += 1;
    if (faces.length === 0) counts.none += 1;
    else if (faces.length === 1) counts.one += 1;
    else counts.more += 1;
    if (pose) {
      counts.poses += 1;
      counts.yaw += pose.yaw;
      counts.yawSquares += pose.yaw * pose.yaw;
      counts.pitch += pose.pitch;
      counts.pitchSquares += pose.pitch * pose.pitch;
    }
    if (gaze) {
      counts.gazes += 1;
      counts.gazeYaw += gaze.yaw;
      counts.gazeYawSquares += gaze.yaw * gaze.yaw;
      counts.gazePitch += gaze.pitch;
      counts.gazePitchSquares += gaze.pitch * gaze.pitch;
    }
  }

  /** Whether there is something to write: a minute is over, or this one changed and was not written for a while. */
  isDue(now: number): boolean {
    if (this.#counts && now >= this.#counts.minute + MINUTE_MS) this.#finish();
    return this.#finished.length > 0 || (this.#changed && now - this.#writtenAt >= WRITE_EVERY_MS);
  }

  /** Rows that are not written yet. The current minute continues, and is returned again later. */
  take(models: readonly LoadedModel[] | undefined, now: number): AnalysisMinuteRow[] {
    const names = models?.map((model) => `${model.name}@${model.version}`) ?? [];
    const due = this.#counts && this.#changed ? [...this.#finished, this.#counts] : this.#finished;
    this.#finished = [];
    this.#changed = false;
    this.#writtenAt = now;
    return due.map((counts) => this.#row(counts, names));
  }

  /** When the clock is set back the minute continues: a second row for an earlier minute would overwrite its counts. */
  #at(now: number): Counts {
    if (this.#counts && now < this.#counts.minute + MINUTE_MS) return this.#counts;
    this.#finish();
    const counts = new Counts(Math.max(this.#next, now - (now % MINUTE_MS)));
    this.#next = counts.minute + MINUTE_MS;
    this.#changed = true;
    this.#counts = counts;
    return counts;
  }

  #finish(): void {
    if (this.#counts && this.#changed) this.#finished.push(this.#counts);
    if (this.#finished.length > MAX_FINISHED) this.#finished.shift();
    this.#counts = undefined;
    this.#changed = false;
  }

  #row(counts: Counts, names: string[]): AnalysisMinuteRow {
    return {
      session_id: this.#session,
      owner_epoch: this.#epoch,
      minute: new Date(counts.minute),
      received: counts.received,
      analysed: counts.analysed,
      dropped: { ...counts.dropped },
      faces_none: counts.none,
      faces_one: counts.one,
      faces_more: counts.more,
      pose_frames: counts.poses,
      yaw_sum: counts.yaw,
      yaw_squares: counts.yawSquares,
      pitch_sum: counts.pitch,
      pitch_squares: counts.pitchSquares,
      gaze_frames: counts.gazes,
      gaze_yaw_sum: counts.gazeYaw,
      gaze_yaw_squares: counts.gazeYawSquares,
      gaze_pitch_sum: counts.gazePitch,
      gaze_pitch_squares: counts.gazePitchSquares,
      models: counts.analysed > 0 ? names : [],
    };
  }
}
