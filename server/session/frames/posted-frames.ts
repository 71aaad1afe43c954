import type { EventRow } from '../../../db/events.ts';
import type { LoadedModel } from '../../../models/jobs.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import { INCIDENTS } from '../../../protocol/event-types.ts';
import { type Frame, HEADER_BYTES, MAX_FRAME_BYTES } from '../../../protocol/frame.ts';
import type { FrameAnalysis } from '../../../protocol/http/frames.ts';
import type { Clock } from '../../clock.ts';
import type { SessionRecorder } from '../record/session-recorder.ts';
import { analysisOf } from './detection-view.ts';
import { undecidedEventView } from '../record/event-view.ts';
import type { FrameIntake } from './frame-intake.ts';
import type { FrameSlot } from './frame-slot.ts';
import type { PostedResult } from './waiting-frame.ts';

export interface PostedFramesParts {
  readonly recorder: SessionRecorder;
  readonly intake: FrameIntake;
  readonly slot: FrameSlot;
  readonly clock: Clock;
  readonly models: () => readonly LoadedModel[] | undefined;
  /** Whether there is an exam socket: then the socket decides when the session is observed. */
  readonly connected: () => boolean;
}

/** A longer pause between frames, ms, or one of so many send intervals, is a gap in the observation. */
const GAP_MS = 10_000;
const GAP_FRAMES = 3;

const isIncident = (type: string) => (INCIDENTS as readonly string[]).includes(type);

/**
 * Frames that a client posts by HTTP. Without a socket they define when the session is observed: from the first frame
 * to the last one before a gap. Missing frames are no offence (rule E6); `NO_FRAME_RECEIVED` is for sockets.
 */
export class PostedFrames {
  readonly #parts: PostedFramesParts;
  #seq = 0;
  /** Arrival of the last frame, server ms; undefined while posted frames do not observe the session. */
  #lastAt: number | undefined;

  constructor(parts: PostedFramesParts) {
    this.#parts = parts;
  }

  get isObserving(): boolean {
    return this.#lastAt !== undefined;
  }

  /** A socket takes over, or the observation ends. */
  stop(): void {
    this.#lastAt = undefined;
  }

  /** Once a second: a client that stopped posting leaves a gap. */
  tick(now: number): void {
    this.#parts.slot.expire(now);
    if (this.#lastAt === undefined || now - this.#lastAt <= this.#gapMs) return;
    this.stop();
    this.#parts.recorder.follow({ kind: 'gap', at: now });
  }

  /**
   * Analyses a frame. Resolves when the resulting events are committed.
   * @throws ProtocolError `session_over`, `session_paused`, `frame_too_large`, `picture_too_large`, `invalid_image`,
   * `frames_refused`, `rate_limited`, `too_many_frames`, or `unavailable` when the inference host was lost
   */
  async analyse(jpeg: Uint8Array): Promise<FrameAnalysis> {
    const { recorder, intake, clock, models } = this.#parts;
    const now = clock();
    if (jpeg.byteLength + HEADER_BYTES > MAX_FRAME_BYTES) {
      throw new ProtocolError(
        'frame_too_large',
        `frame exceeds the maximum of ${MAX_FRAME_BYTES - HEADER_BYTES} bytes`,
      );
    }
    const frame = { seq: ++this.#seq, capturedAt: now, jpeg };
    this.#checkState(frame);
    if (!this.#parts.connected()) this.#observe(now);
    recorder.state.lastFrameAt = now;
    let arrival: readonly EventRow[] = [];
    try {
      if (!models()) {
        arrival = intake.post(frame, now, undefined);
        return await this.#answer({ kind: 'vision_off' }, frame.seq, arrival);
      }
      const result = await new Promise<PostedResult>((resolve) => (arrival = intake.post(frame, now, resolve)));
      return await this.#answer(result, frame.seq, arrival);
    } catch (error) {
      // The incident that it opened is committed before the client gets the error.
      if (error instanceof ProtocolError && error.code === 'invalid_image') await recorder.stored;
      throw error;
    }
  }

  async #answer(result: PostedResult, seq: number, arrival: readonly EventRow[]): Promise<FrameAnalysis> {
    const { recorder, clock, models } = this.#parts;
    // Read before the commit is awaited: other frames may change it meanwhile.
    const rows = result.kind === 'analysed' ? [...arrival, ...result.rows] : arrival;
    const state = {
      open: recorder.state.openTypes.filter(isIncident),
      events: rows.map(undecidedEventView),
      risk: recorder.state.risk(clock()),
    };
    await recorder.stored;
    switch (result.kind) {
      case 'analysed':
        return { analysed: true, ...analysisOf(seq, result.detection, recorder.state.policy), ...state };
      case 'invalid':
        throw new ProtocolError('invalid_image', result.problem);
      case 'host_lost':
        throw new ProtocolError('unavailable', 'the inference host failed while analysing the frame', {
          retryable: true,
          retryAfterSeconds: 1,
        });
      case 'cut_off':
        this.#checkState(undefined);
        return { analysed: false, reason: models() ? 'replaced' : 'vision_off', ...state };
      case 'replaced':
      case 'vision_off':
      case 'inference_failed':
        return { analysed: false, reason: result.kind, ...state };
    }
  }

  /**
   * Frames of a paused session can be watched (rule F8).
   * @param frame undefined if it is counted already. @throws ProtocolError `session_over` or `session_paused`
   */
  #checkState(frame: Frame | undefined): void {
    const { recorder, intake } = this.#parts;
    if (recorder.state.status === 'ended') {
      if (frame) intake.skip('ended', frame.capturedAt);
      throw new ProtocolError('session_over', 'session has ended');
    }
    if (recorder.state.status === 'paused') {
      if (frame) {
        recorder.state.lastFrameAt = frame.capturedAt;
        intake.showPosted(frame, frame.capturedAt);
      }
      throw new ProtocolError('session_paused', 'session is paused', { retryable: true });
    }
  }

  #observe(now: number): void {
    const { recorder } = this.#parts;
    if (this.#lastAt !== undefined && now - this.#lastAt > this.#gapMs) {
      this.stop();
      recorder.follow({ kind: 'gap', at: now });
    }
    if (this.#lastAt === undefined) recorder.observe({ kind: 'resume', at: now });
    this.#lastAt = now;
  }

  get #gapMs(): number {
    const { holds } = this.#parts.recorder.state.policy;
    return Math.max(GAP_MS, holds.noFrame * 1000, (GAP_FRAMES * 1000) / this.#parts.intake.sendFps);
  }
}
