import type { EventWrite } from '../../../db/events.ts';
import type { LoadedModel } from '../../../models/jobs.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import { INCIDENTS } from '../../../protocol/event-types.ts';
import { HEADER_BYTES, MAX_FRAME_BYTES } from '../../../protocol/frame.ts';
import type { FrameAnalysis } from '../../../protocol/http/frames.ts';
import type { Clock } from '../../clock.ts';
import type { SessionRecorder } from '../record/session-recorder.ts';
import { analysisOf } from './detection-view.ts';
import { eventView } from '../record/event-view.ts';
import type { Fate, FrameIntake } from './frame-intake.ts';

export interface PostedFramesParts {
  readonly recorder: SessionRecorder;
  readonly frames: FrameIntake;
  readonly clock: Clock;
  readonly models: () => readonly LoadedModel[] | undefined;
  /** Whether there is an exam socket: then that one says when there is something to observe. */
  readonly connected: () => boolean;
}

/** Frames further apart say nothing of what lay between them, ms; and so many of the asked interval. */
const GAP_MS = 10_000;
const GAP_FRAMES = 3;

const isIncident = (type: string) => (INCIDENTS as readonly string[]).includes(type);

/**
 * Frames of a client that posts them. Without a socket it is by them that the session is observed: from the first one,
 * to the last before a gap. Missing ones are no offence (rule E6), and `NO_FRAME_RECEIVED` is for sockets.
 */
export class PostedFrames {
  readonly #parts: PostedFramesParts;
  #seq = 0;
  /** Of the last one, server ms; undefined while none observes the session. */
  #lastAt: number | undefined;

  constructor(parts: PostedFramesParts) {
    this.#parts = parts;
  }

  get isObserving(): boolean {
    return this.#lastAt !== undefined;
  }

  /** A socket takes over, or nothing is observed any more. */
  stop(): void {
    this.#lastAt = undefined;
  }

  /** Once a second: a client that stopped posting left a gap. */
  tick(now: number): void {
    this.#parts.frames.tick(now);
    if (this.#lastAt === undefined || now - this.#lastAt <= this.#gapMs) return;
    this.stop();
    this.#parts.recorder.follow({ kind: 'gap', at: now });
  }

  /**
   * What the models say about a frame, when everything that followed from it is committed.
   * @throws ProtocolError `session_over`, `session_paused`, `frame_too_large`, `picture_too_large`, `invalid_image`,
   * `frames_refused`, `rate_limited`, `too_many_frames`, or `unavailable` when the inference host was lost
   */
  async look(jpeg: Uint8Array): Promise<FrameAnalysis> {
    const { recorder, frames, clock, models } = this.#parts;
    const now = clock();
    this.#checkState(now);
    if (jpeg.byteLength + HEADER_BYTES > MAX_FRAME_BYTES) {
      throw new ProtocolError(
        'frame_too_large',
        `frame exceeds the maximum of ${MAX_FRAME_BYTES - HEADER_BYTES} bytes`,
      );
    }
    if (!this.#parts.connected()) this.#observe(now);
    recorder.state.lastFrameAt = now;
    const frame = { seq: ++this.#seq, capturedAt: now, jpeg };
    let arrival: readonly EventWrite[] = [];
    try {
      if (!models()) {
        arrival = frames.post(frame, now, undefined);
        return await this.#answer({ kind: 'vision_off' }, frame.seq, arrival);
      }
      const fate = await new Promise<Fate>((resolve) => (arrival = frames.post(frame, now, resolve)));
      return await this.#answer(fate, frame.seq, arrival);
    } catch (error) {
      // The incident that it opened is stored before the client hears of it.
      if (error instanceof ProtocolError && error.code === 'invalid_image') await recorder.stored;
      throw error;
    }
  }

  async #answer(
    fate: Fate | { readonly kind: 'vision_off' },
    seq: number,
    arrival: readonly EventWrite[],
  ): Promise<FrameAnalysis> {
    const { recorder, clock, models } = this.#parts;
    // Taken now: while the commit is waited for, other frames may have changed it.
    const rows = fate.kind === 'analysed' ? [...arrival, ...fate.rows] : arrival;
    const state = {
      open: recorder.state.openTypes.filter(isIncident),
      events: rows.map(eventView),
      risk: recorder.state.risk(clock()),
    };
    await recorder.stored;
    switch (fate.kind) {
      case 'analysed':
        return { analysed: true, ...analysisOf(seq, fate.detection), ...state };
      case 'invalid':
        throw new ProtocolError('invalid_image', fate.problem);
      case 'host_lost':
        throw new ProtocolError('unavailable', 'the frame was lost with the inference host', {
          retryable: true,
          retryAfterSeconds: 1,
        });
      case 'cut_off':
        this.#checkState(undefined);
        return { analysed: false, reason: models() ? 'replaced' : 'vision_off', ...state };
      case 'replaced':
      case 'vision_off':
      case 'inference_failed':
        return { analysed: false, reason: fate.kind, ...state };
    }
  }

  /** @param now undefined when the frame was counted already */
  #checkState(now: number | undefined): void {
    const { recorder, frames } = this.#parts;
    if (recorder.state.status === 'ended') {
      if (now !== undefined) frames.dropEnded(now);
      throw new ProtocolError('session_over', 'session has ended');
    }
    if (recorder.state.status === 'paused') {
      if (now !== undefined) frames.dropPaused(now);
      throw new ProtocolError('session_paused', 'this session is paused', { retryable: true });
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
    return Math.max(GAP_MS, holds.noFrame * 1000, (GAP_FRAMES * 1000) / this.#parts.frames.sendFps);
  }
}
