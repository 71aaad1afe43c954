import type { EventWrite } from '../../../db/events.ts';
import type { Detection } from '../../../models/jobs.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { Frame } from '../../../protocol/frame.ts';
import type { FrameSource, Outcome, QueuedFrame, Scheduler, Seen } from '../../inference/scheduler.ts';
import type { LoadShedding } from '../../inference/load-shedding.ts';
import type { Metrics } from '../../metrics.ts';
import type { AnalysisMinutes, DropReason } from './analysis-minutes.ts';
import { IngestLimit } from './ingest-limit.ts';
import type { SeenFrame } from '../record/incident-pictures.ts';
import { readJpegHeader } from './jpeg-header.ts';
import { LastFaceHint } from './face-hint.ts';
import { FramePacer } from './frame-pacer.ts';
import { whyTooLarge } from './picture-size.ts';

/** What a frame leads to; times are server ms. The rows are those of events that it opened, changed or closed. */
export interface FrameListener {
  /** A frame arrived that is within the rate and has a usable header. */
  arrived(frame: Frame, now: number): EventWrite[];
  invalid(frame: { seq: number }, problem: string, at: number): EventWrite[];
  /** Undefined: nothing may come of it any more. */
  detected(
    frame: SeenFrame & { readonly seq: number; readonly capturedAt?: number },
    detection: Detection,
  ): EventWrite[] | undefined;
  /** A decoder or a model had the frame of a socket and could not use it: the client is told. */
  unusable(frame: { seq: number }, problem: string): void;
  /** The inference host ended while it had the frame. */
  lost(at: number): void;
  /** The frames of this session ended the inference host too often. */
  quarantined(at: number): void;
}

export interface FrameParts {
  readonly scheduler: Scheduler;
  readonly rate: LoadShedding;
  readonly metrics: Metrics;
}

/** Of the policy. */
export interface FrameTerms {
  readonly sendFps: number;
  readonly analyseFps: number;
  /** Pixels; undefined: any that the decoder takes. */
  readonly maxWidth?: number;
}

/** What became of a frame that somebody waits for. */
export type Fate =
  | { readonly kind: 'analysed'; readonly detection: Detection; readonly rows: readonly EventWrite[] }
  | { readonly kind: 'invalid'; readonly problem: string }
  | { readonly kind: 'replaced' | 'cut_off' | 'host_lost' | 'inference_failed' };

interface WaitingFrame extends QueuedFrame {
  readonly seq: number;
  /** By the client's clock, ms since 1970; undefined for a frame that came by HTTP, which has no such time. */
  readonly capturedAt?: number;
  /** Told once, when its rows are on their way to the database. */
  readonly settled?: (fate: Fate) => void;
}

const QUARANTINE_KILLS = 3;
const QUARANTINE_MS = 60_000;
/** Somebody waits for an answer: so long for the models, and no longer. */
const PATIENCE_MS = 10_000;

/** One session's frames on their way to the models: a slot for the newest, and what keeps others out of it. */
export class FrameIntake implements FrameSource {
  readonly #parts: FrameParts;
  readonly #listener: FrameListener;
  readonly #minutes: AnalysisMinutes;
  readonly #rates: FrameTerms;
  readonly owner: string | undefined;
  readonly #ingestLimit: IngestLimit;
  readonly #pacer = new FramePacer();
  readonly #lastFaceHint = new LastFaceHint();
  #slot: WaitingFrame | undefined;
  #lastSeq = -1;
  #kills: number[] = [];
  #quarantined: boolean;

  /**
   * @param quarantined they were refused when the session was last held
   * @param owner whose frames they are: all of them share one share of the models
   */
  constructor(
    rates: FrameTerms,
    parts: FrameParts,
    listener: FrameListener,
    minutes: AnalysisMinutes,
    now: number,
    quarantined = false,
    owner?: string,
  ) {
    this.owner = owner;
    this.#quarantined = quarantined;
    this.#rates = rates;
    this.#parts = parts;
    this.#listener = listener;
    this.#minutes = minutes;
    this.#ingestLimit = new IngestLimit(this.sendFps, now);
  }

  /** Frames per second that the client is asked for at the moment. */
  get sendFps(): number {
    return Math.round(this.#rates.sendFps * this.#parts.rate.scale * 100) / 100;
  }

  /** The shared rate changed. */
  retune(now: number): void {
    this.#ingestLimit.setRate(this.sendFps, now);
  }

  /** Another connection begins: its numbers begin anew (rule F3). */
  restart(now: number): void {
    this.#lastSeq = -1;
    this.#lastFaceHint.forget();
    this.clear(now);
  }

  /**
   * Takes a frame off the socket; its bytes must already be a copy of the socket's.
   * @throws ProtocolError `frame_out_of_order`, `invalid_image`, `picture_too_large`, `frames_refused` or
   * `too_many_frames`
   */
  push(frame: Frame, now: number): void {
    this.#received(now);
    if (!this.#ingestLimit.admit(now)) return this.#drop('over_rate', now);
    if (frame.seq <= this.#lastSeq) {
      this.#drop('out_of_order', now);
      throw new ProtocolError('frame_out_of_order', `frame sequence must be greater than ${this.#lastSeq}`, {
        ref: frame.seq,
      });
    }
    this.#lastSeq = frame.seq;
    this.#check(frame, now);
    this.#listener.arrived(frame, now);
    if (!this.#pacer.isDue(this.#rates.analyseFps * this.#parts.rate.scale, now)) return this.#drop('not_due', now);
    this.#enter({ jpeg: frame.jpeg, receivedAt: now, seq: frame.seq, capturedAt: frame.capturedAt });
  }

  /**
   * Takes a frame that came by HTTP. Somebody waits for what the models say, so that it is always due; its number is
   * not one of the socket's. Without `settled` no model looks at it.
   * @returns rows of what its arrival changed
   * @throws ProtocolError `rate_limited`, `too_many_frames`, `frames_refused`, `picture_too_large` or `invalid_image`
   */
  post(frame: Frame, now: number, settled: ((fate: Fate) => void) | undefined): EventWrite[] {
    this.#received(now);
    if (!this.#ingestLimit.admit(now)) {
      this.#drop('over_rate', now);
      const retryAfterSeconds = Math.ceil(1 / this.sendFps);
      throw new ProtocolError('rate_limited', `${this.sendFps} frames a second are asked for`, {
        retryable: true,
        retryAfterSeconds,
      });
    }
    this.#check(frame, now);
    const rows = this.#listener.arrived(frame, now);
    if (settled) this.#enter({ jpeg: frame.jpeg, receivedAt: now, seq: frame.seq, settled });
    else this.#drop('vision_off', now);
    return rows;
  }

  dropPaused(now: number): void {
    this.#received(now);
    this.#drop('paused', now);
  }

  dropEnded(now: number): void {
    this.#received(now);
    this.#drop('ended', now);
  }

  /** The store has to do with signals; frames give way (rule S9). */
  dropUnstorable(now: number): void {
    this.#received(now);
    this.#drop('store_away', now);
  }

  /** Forgets the waiting frame: the connection, the session or vision is gone, or there is a pause. */
  clear(now: number, reason: 'cut_off' | 'store_away' = 'cut_off'): void {
    this.#forget(reason, now);
  }

  /** A frame that somebody waits for does not wait for models that are not there. */
  tick(now: number): void {
    if (this.#slot?.settled && now - this.#slot.receivedAt > PATIENCE_MS) this.#forget('host_lost', now);
  }

  /** A person decided that they are to be looked at again. */
  readmit(): void {
    this.#quarantined = false;
    this.#kills = [];
  }

  /**
   * After an end of the host that it may have brought about, until the window of the count is over: the next one blames
   * nobody else.
   */
  needsIsolation(now: number): boolean {
    return this.#slot !== undefined && this.#kills.some((kill) => now - kill < QUARANTINE_MS);
  }

  takeFrame(): WaitingFrame | undefined {
    const frame = this.#slot;
    this.#slot = undefined;
    // What came by HTTP may be of another camera.
    return frame && !frame.settled ? { ...frame, hint: this.#lastFaceHint.at(frame.receivedAt) } : frame;
  }

  analysed(frame: WaitingFrame, { detection, followed, hint }: Seen): void {
    this.#parts.metrics.framesAnalysed.inc();
    if (!followed && !frame.settled) this.#lastFaceHint.keep(hint, frame.receivedAt);
    this.#minutes.analysed(detection, frame.receivedAt);
    const rows = this.#listener.detected(frame, detection);
    frame.settled?.(rows ? { kind: 'analysed', detection, rows } : { kind: 'cut_off' });
  }

  failed(frame: WaitingFrame, outcome: Exclude<Outcome, { kind: 'done' }>): void {
    const reason = outcome.kind === 'lost' ? 'host_lost' : outcome.failure.code;
    this.#drop(reason, frame.receivedAt);
    if (outcome.kind === 'lost') {
      this.#listener.lost(frame.receivedAt);
      if (outcome.suspects > 0) this.#countKill(frame.receivedAt);
    }
    if (outcome.kind === 'failed' && outcome.failure.code === 'invalid_image') {
      this.#listener.invalid(frame, outcome.failure.message, frame.receivedAt);
      if (frame.settled) frame.settled({ kind: 'invalid', problem: outcome.failure.message });
      else this.#listener.unusable(frame, outcome.failure.message);
    } else frame.settled?.({ kind: reason === 'host_lost' ? 'host_lost' : 'inference_failed' });
  }

  /** @throws ProtocolError `frames_refused`, `picture_too_large` or `invalid_image` */
  #check(frame: Frame, now: number): void {
    if (this.#quarantined) {
      this.#drop('quarantined', now);
      throw new ProtocolError('frames_refused', 'frames of this session are not looked at any more', {
        ref: frame.seq,
      });
    }
    const header = readJpegHeader(frame.jpeg);
    if (header.ok) return this.#checkSize(header, frame, now);
    this.#drop('invalid', now);
    this.#listener.invalid(frame, header.problem, now);
    throw new ProtocolError('invalid_image', header.problem, { ref: frame.seq });
  }

  /** The student may not know of it: it opens nothing, and is told to the client. */
  #checkSize(size: { readonly width: number; readonly height: number }, frame: Frame, now: number): void {
    const { maxWidth } = this.#rates;
    const problem = maxWidth === undefined ? undefined : whyTooLarge(size, maxWidth);
    if (problem === undefined) return;
    this.#drop('too_large', now);
    throw new ProtocolError('picture_too_large', problem, { ref: frame.seq });
  }

  /** Newest wins. */
  #enter(frame: WaitingFrame): void {
    if (this.#slot && !this.#parts.scheduler.isCostly(this)) this.#parts.rate.replaced();
    this.#forget('replaced', frame.receivedAt);
    this.#slot = frame;
    this.#parts.scheduler.offer(this);
  }

  #forget(reason: 'replaced' | 'cut_off' | 'host_lost' | 'store_away', now: number): void {
    const frame = this.#slot;
    if (!frame) return;
    this.#slot = undefined;
    this.#drop(reason, now);
    frame.settled?.({ kind: reason === 'store_away' ? 'cut_off' : reason });
  }

  #received(now: number): void {
    this.#parts.metrics.framesReceived.inc();
    this.#minutes.received(now);
  }

  #drop(reason: DropReason, now: number): void {
    this.#parts.metrics.framesDropped.inc({ reason });
    this.#minutes.dropped(reason, now);
  }

  #countKill(at: number): void {
    this.#kills = [...this.#kills.filter((kill) => at - kill < QUARANTINE_MS), at];
    if (this.#kills.length < QUARANTINE_KILLS || this.#quarantined) return;
    this.#quarantined = true;
    this.#listener.quarantined(at);
  }
}
