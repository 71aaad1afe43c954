import type { EventRow } from '../../../db/events.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { Frame } from '../../../protocol/frame.ts';
import type { Policy } from '../../../protocol/policy.ts';
import type { LoadShedding } from '../../inference/load-shedding.ts';
import type { DropReason } from './analysis-minutes.ts';
import type { FrameCounts } from './frame-counts.ts';
import type { FrameRequests } from './frame-requests.ts';
import { FramePacer } from './frame-pacer.ts';
import type { FrameResults } from './frame-results.ts';
import type { FrameSlot } from './frame-slot.ts';
import type { PostedResult } from './waiting-frame.ts';
import { IngestLimit } from './ingest-limit.ts';
import { readJpegHeader } from './jpeg-header.ts';
import { whyTooLarge } from './picture-size.ts';
import type { Quarantine } from './quarantine.ts';

export interface FrameIntakeParts {
  readonly policy: Policy['frames'];
  readonly rate: LoadShedding;
  readonly slot: FrameSlot;
  readonly results: FrameResults;
  readonly counts: FrameCounts;
  readonly quarantine: Quarantine;
  readonly requests: () => FrameRequests;
}

/** Arriving frames of one session: checks rate, number, header and size, and passes on those that are due. */
export class FrameIntake {
  readonly #parts: FrameIntakeParts;
  readonly #ingestLimit: IngestLimit;
  readonly #pacer = new FramePacer();
  #lastSeq = -1;

  constructor(parts: FrameIntakeParts, now: number) {
    this.#parts = parts;
    this.#ingestLimit = new IngestLimit(this.sendFps, now);
  }

  /** Frames per second that the client is asked for at the moment. */
  get sendFps(): number {
    const { policy, rate, requests } = this.#parts;
    return Math.round(Math.max(policy.sendFps, requests().sendFps) * rate.scale * 100) / 100;
  }

  get #analyseFps(): number {
    const { policy, rate, requests } = this.#parts;
    return Math.max(policy.analyseFps, requests().analyseFps) * rate.scale;
  }

  /** The shared rate changed. */
  retune(now: number): void {
    this.#ingestLimit.setRate(this.sendFps, now);
  }

  /** A new connection numbers its frames from the start (rule F3). */
  restart(): void {
    this.#lastSeq = -1;
  }

  /**
   * Takes a frame from the socket; its bytes must already be a copy of the socket's.
   * @throws ProtocolError `frame_out_of_order`, `invalid_image`, `picture_too_large`, `frames_refused` or
   * `too_many_frames`
   */
  push(frame: Frame, now: number): void {
    const { slot, results, counts, requests } = this.#parts;
    counts.received(now);
    if (!this.#ingestLimit.admit(now)) return counts.dropped('over_rate', now);
    if (frame.seq <= this.#lastSeq) {
      counts.dropped('out_of_order', now);
      throw new ProtocolError('frame_out_of_order', `frame sequence must be greater than ${this.#lastSeq}`, {
        ref: frame.seq,
      });
    }
    this.#lastSeq = frame.seq;
    this.#check(frame, now);
    results.arrived(frame, now);
    requests().arrived({ jpeg: frame.jpeg, receivedAt: now });
    if (!this.#pacer.isDue(this.#analyseFps, now)) return counts.dropped('not_due', now);
    slot.put({ jpeg: frame.jpeg, receivedAt: now, seq: frame.seq, capturedAt: frame.capturedAt });
  }

  /**
   * Takes a frame that came by HTTP. Its request waits for the models' answer, so that it is always due; its number is
   * not one of the socket's.
   * @param settled gets the result; undefined while no model can analyse it
   * @returns rows of events that its arrival changed
   * @throws ProtocolError `rate_limited`, `too_many_frames`, `frames_refused`, `picture_too_large` or `invalid_image`
   */
  post(frame: Frame, now: number, settled: ((result: PostedResult) => void) | undefined): EventRow[] {
    const { slot, results, counts, requests } = this.#parts;
    counts.received(now);
    if (!this.#ingestLimit.admit(now)) {
      counts.dropped('over_rate', now);
      throw new ProtocolError('rate_limited', `at most ${this.sendFps} frames per second`, {
        retryable: true,
        retryAfterSeconds: Math.ceil(1 / this.sendFps),
      });
    }
    this.#check(frame, now);
    const rows = results.arrived(frame, now);
    requests().arrived({ jpeg: frame.jpeg, receivedAt: now });
    if (settled) slot.put({ jpeg: frame.jpeg, receivedAt: now, seq: frame.seq, settled });
    else counts.dropped('vision_off', now);
    return rows;
  }

  /** Takes a frame of a paused session: people may watch it, nothing analyses it (rule F8). */
  show(frame: Frame, now: number): void {
    if (frame.seq <= this.#lastSeq) return this.skip('paused', now);
    this.#lastSeq = frame.seq;
    this.showPosted(frame, now);
  }

  /** The same for a frame that came by HTTP: its number is not one of the socket's. */
  showPosted(frame: Frame, now: number): void {
    const { policy, results, quarantine, requests } = this.#parts;
    this.skip('paused', now);
    if (!this.#ingestLimit.admit(now) || quarantine.isActive) return;
    const header = readJpegHeader(frame.jpeg);
    if (!header.ok || whyTooLarge(header, policy.maxWidth) !== undefined) return;
    results.shown(frame);
    requests().shown({ jpeg: frame.jpeg, receivedAt: now });
  }

  /** Counts a frame that arrived while none is taken. */
  skip(reason: Extract<DropReason, 'paused' | 'ended' | 'store_away'>, now: number): void {
    this.#parts.counts.received(now);
    this.#parts.counts.dropped(reason, now);
  }

  /** @throws ProtocolError `frames_refused`, `picture_too_large` or `invalid_image` */
  #check(frame: Frame, now: number): void {
    const { policy, results, counts, quarantine } = this.#parts;
    if (quarantine.isActive) {
      counts.dropped('quarantined', now);
      throw new ProtocolError('frames_refused', 'frames of this session are no longer analysed', { ref: frame.seq });
    }
    const header = readJpegHeader(frame.jpeg);
    if (!header.ok) {
      counts.dropped('invalid', now);
      results.invalid(frame, header.problem, now);
      throw new ProtocolError('invalid_image', header.problem, { ref: frame.seq });
    }
    // No event: the student cannot see the size; the client gets the error.
    const tooLarge = whyTooLarge(header, policy.maxWidth);
    if (tooLarge === undefined) return;
    counts.dropped('too_large', now);
    throw new ProtocolError('picture_too_large', tooLarge, { ref: frame.seq });
  }
}
