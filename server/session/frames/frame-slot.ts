import type { FrameSource, Outcome, QueuedFrame, Scheduler } from '../../inference/scheduler.ts';
import { LastFaceHint } from './face-hint.ts';
import type { FrameCounts } from './frame-counts.ts';
import type { FrameResults } from './frame-results.ts';
import type { Quarantine } from './quarantine.ts';
import type { WaitingFrame } from './waiting-frame.ts';

/** A posted frame waits this long for the models. */
const POSTED_TIMEOUT_MS = 10_000;

/** The one frame of a session that waits for the models, and the way back of the models' answer. */
export class FrameSlot implements FrameSource {
  readonly owner: string;
  readonly #scheduler: Scheduler;
  readonly #results: FrameResults;
  readonly #counts: FrameCounts;
  readonly #quarantine: Quarantine;
  readonly #watchesEyes: boolean;
  readonly #lastFaceHint = new LastFaceHint();
  #frame: WaitingFrame | undefined;

  /**
   * @param owner the student: all of a student's sessions share one share of the models
   * @param watchesEyes whether the policy has the eyes measured, with this student's accommodations
   */
  constructor(
    owner: string,
    scheduler: Scheduler,
    results: FrameResults,
    counts: FrameCounts,
    quarantine: Quarantine,
    watchesEyes: boolean,
  ) {
    this.owner = owner;
    this.#scheduler = scheduler;
    this.#results = results;
    this.#counts = counts;
    this.#quarantine = quarantine;
    this.#watchesEyes = watchesEyes;
  }

  /** The newest frame wins. */
  put(frame: WaitingFrame): void {
    if (this.#frame) this.#scheduler.replaced(this);
    this.drop('replaced', frame.receivedAt);
    this.#frame = frame;
    this.#scheduler.offer(this);
  }

  drop(reason: 'replaced' | 'cut_off' | 'host_lost' | 'store_away', now: number): void {
    const frame = this.#frame;
    if (!frame) return;
    this.#frame = undefined;
    this.#counts.dropped(reason, now);
    frame.settled?.({ kind: reason === 'store_away' ? 'cut_off' : reason });
  }

  /** A posted frame does not wait for ever while the host restarts. */
  expire(now: number): void {
    if (this.#frame?.settled && now - this.#frame.receivedAt > POSTED_TIMEOUT_MS) this.drop('host_lost', now);
  }

  /** Another camera may follow: the last face says nothing about it. */
  forgetFace(): void {
    this.#lastFaceHint.forget();
  }

  // -- for the scheduler

  needsIsolation(now: number): boolean {
    return this.#frame !== undefined && this.#quarantine.isSuspect(now);
  }

  takeFrame(): (WaitingFrame & QueuedFrame) | undefined {
    const frame = this.#frame;
    this.#frame = undefined;
    if (!frame) return undefined;
    // A posted frame may be of another camera.
    const hint = frame.settled ? undefined : this.#lastFaceHint.at(frame.receivedAt);
    return { ...frame, hint, eyes: this.#watchesEyes };
  }

  settled(frame: WaitingFrame & QueuedFrame, outcome: Outcome): void {
    switch (outcome.type) {
      case 'done':
        return this.#analysed(frame, outcome);
      case 'lost':
        return this.#lost(frame, outcome.suspects);
      case 'failed':
        return this.#failed(frame, outcome.failure);
    }
  }

  #analysed(frame: WaitingFrame, { detection, followed, hint }: Extract<Outcome, { type: 'done' }>): void {
    this.#counts.analysed(detection, frame.receivedAt);
    if (!followed && !frame.settled) this.#lastFaceHint.keep(hint, frame.receivedAt);
    const rows = this.#results.analysed(frame, detection);
    frame.settled?.(rows ? { kind: 'analysed', detection, rows } : { kind: 'cut_off' });
  }

  #lost(frame: WaitingFrame, suspects: number): void {
    this.#counts.dropped('host_lost', frame.receivedAt);
    this.#results.lost(frame.receivedAt);
    if (suspects > 0 && this.#quarantine.countLoss(frame.receivedAt)) this.#results.quarantined(frame.receivedAt);
    frame.settled?.({ kind: 'host_lost' });
  }

  #failed(frame: WaitingFrame, { code, message }: Extract<Outcome, { type: 'failed' }>['failure']): void {
    this.#counts.dropped(code, frame.receivedAt);
    if (code === 'inference_failed') return frame.settled?.({ kind: code });
    this.#results.invalid(frame, message, frame.receivedAt);
    if (frame.settled) frame.settled({ kind: 'invalid', problem: message });
    else this.#results.sendInvalid(frame, message);
  }
}
