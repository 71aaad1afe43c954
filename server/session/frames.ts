import type { Detection } from '../../models/jobs.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import type { Frame } from '../../protocol/frame.ts';
import type { FrameSource, Outcome, QueuedFrame, Scheduler } from '../inference/scheduler.ts';
import type { RateControl } from '../inference/throttle.ts';
import type { Metrics } from '../metrics.ts';
import { FrameGate } from './frame-gate.ts';
import { readJpegHeader } from './jpeg-header.ts';
import { Pace } from './pace.ts';

/** What a frame leads to; times are server ms. */
export interface FrameListener {
  /** A frame arrived that is within the rate and has a usable header. */
  arrived(frame: Frame, now: number): void;
  invalid(frame: { seq: number }, problem: string, at: number): void;
  detected(seq: number, detection: Detection, at: number): void;
  /** The frames of this session ended the inference host too often. */
  quarantined(at: number): void;
}

export interface FrameParts {
  readonly scheduler: Scheduler;
  readonly rate: RateControl;
  readonly metrics: Metrics;
}

interface WaitingFrame extends QueuedFrame {
  readonly seq: number;
}

const QUARANTINE_KILLS = 3;
const QUARANTINE_MS = 60_000;

/** One session's frames on their way to the models: a slot for the newest, and what keeps others out of it. */
export class Frames implements FrameSource {
  readonly #parts: FrameParts;
  readonly #listener: FrameListener;
  readonly #rates: { sendFps: number; analyseFps: number };
  readonly #gate: FrameGate;
  readonly #pace = new Pace();
  #slot: WaitingFrame | undefined;
  #lastSeq = -1;
  #kills: number[] = [];
  #quarantined = false;

  constructor(rates: { sendFps: number; analyseFps: number }, parts: FrameParts, listener: FrameListener, now: number) {
    this.#rates = rates;
    this.#parts = parts;
    this.#listener = listener;
    this.#gate = new FrameGate(this.sendFps, now);
  }

  /** Frames a second that the client is asked for at the moment. */
  get sendFps(): number {
    return Math.round(this.#rates.sendFps * this.#parts.rate.scale * 100) / 100;
  }

  /** The shared rate changed. */
  retune(now: number): void {
    this.#gate.setRate(this.sendFps, now);
  }

  /** Another connection begins: its numbers begin anew (rule F3). */
  restart(): void {
    this.#lastSeq = -1;
    this.#slot = undefined;
  }

  /**
   * Takes a frame off the socket; its bytes must already be a copy of the socket's.
   * @throws ProtocolError `frame_out_of_order`, `invalid_image`, `frames_refused` or `too_many_frames`
   */
  push(frame: Frame, now: number): void {
    const { metrics } = this.#parts;
    metrics.framesReceived.inc();
    if (!this.#gate.admit(now)) return metrics.framesDropped.inc({ reason: 'over_rate' });
    if (frame.seq <= this.#lastSeq) {
      metrics.framesDropped.inc({ reason: 'out_of_order' });
      throw new ProtocolError('frame_out_of_order', `after frame ${this.#lastSeq} comes a higher number`, { ref: frame.seq });
    }
    this.#lastSeq = frame.seq;
    if (this.#quarantined) {
      metrics.framesDropped.inc({ reason: 'quarantined' });
      throw new ProtocolError('frames_refused', 'frames of this session are not looked at any more', { ref: frame.seq });
    }
    const header = readJpegHeader(frame.jpeg);
    if (!header.ok) {
      metrics.framesDropped.inc({ reason: 'invalid' });
      this.#listener.invalid(frame, header.problem, now);
      throw new ProtocolError('invalid_image', header.problem, { ref: frame.seq });
    }
    this.#listener.arrived(frame, now);
    if (!this.#pace.isDue(this.#rates.analyseFps * this.#parts.rate.scale, now)) return metrics.framesDropped.inc({ reason: 'not_due' });
    if (this.#slot) {
      metrics.framesDropped.inc({ reason: 'replaced' });
      this.#parts.rate.replaced();
    }
    this.#slot = { jpeg: frame.jpeg, receivedAt: now, seq: frame.seq };
    this.#parts.scheduler.offer(this);
  }

  dropPaused(): void {
    this.#drop('paused');
  }

  dropEnded(): void {
    this.#drop('ended');
  }

  /** Forgets the waiting frame: the session pauses or ends. */
  clear(): void {
    this.#slot = undefined;
  }

  takeFrame(): WaitingFrame | undefined {
    const frame = this.#slot;
    this.#slot = undefined;
    return frame;
  }

  analysed(frame: WaitingFrame, detection: Detection): void {
    this.#parts.metrics.framesAnalysed.inc();
    this.#listener.detected(frame.seq, detection, frame.receivedAt);
  }

  failed(frame: WaitingFrame, outcome: Exclude<Outcome, { kind: 'done' }>): void {
    this.#parts.metrics.framesDropped.inc({ reason: outcome.kind === 'lost' ? 'host_lost' : outcome.failure.code });
    if (outcome.kind === 'lost') {
      if (outcome.culprit) this.#countKill(frame.receivedAt);
    } else if (outcome.failure.code === 'invalid_image') {
      this.#listener.invalid(frame, outcome.failure.message, frame.receivedAt);
    }
  }

  #drop(reason: string): void {
    this.#parts.metrics.framesReceived.inc();
    this.#parts.metrics.framesDropped.inc({ reason });
  }

  #countKill(at: number): void {
    this.#kills = [...this.#kills.filter((kill) => at - kill < QUARANTINE_MS), at];
    if (this.#kills.length < QUARANTINE_KILLS || this.#quarantined) return;
    this.#quarantined = true;
    this.#listener.quarantined(at);
  }
}
