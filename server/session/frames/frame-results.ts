import { crc32 } from 'node:zlib';
import type { EventRow } from '../../../db/events.ts';
import type { Detection } from '../../../models/jobs.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { Frame } from '../../../protocol/frame.ts';
import type { Audience, SessionRecorder, RecorderParts } from '../record/session-recorder.ts';
import { analysisOf, incidentDetails } from './detection-view.ts';
import type { FrameRequests } from './frame-requests.ts';
import type { WaitingFrame } from './waiting-frame.ts';

export interface FrameResultsParts extends Pick<RecorderParts, 'feed' | 'models'> {
  readonly session: string;
  readonly recorder: SessionRecorder;
  readonly audience: Pick<Audience, 'send'>;
  /** Whether observations count at the moment: a client is there, and there is no pause. */
  readonly isObserved: () => boolean;
  /** Interval of the frames that the client is asked for, if it is asked. */
  readonly asked: () => { readonly frameIntervalMs?: number };
  readonly requests: () => FrameRequests;
}

/** At most one event per this time for lost frames, ms: their number is in the counts of each minute. */
const LOST_EVERY_MS = 60_000;

/** Farthest from 1970 that a Date can be, ms. */
const MAX_TIME = 8.64e15;

/** The client's clock, for information only (rule E1). */
const clientTime = (at: number | undefined) =>
  at === undefined || Math.abs(at) > MAX_TIME ? {} : { clientAt: new Date(at).toISOString() };

/**
 * Consequences of one session's frames: observations for the rules, the analysis for the student, and both for consoles
 * that watch. Methods return the rows of events that were opened, changed or closed.
 */
export class FrameResults {
  readonly #parts: FrameResultsParts;
  /** Time of the last `FRAME_LOST`, server ms. */
  #lostAt: number | undefined;

  constructor(parts: FrameResultsParts) {
    this.#parts = parts;
  }

  /** A frame arrived within the rate and with a usable header. */
  arrived(frame: Frame, now: number): EventRow[] {
    const { recorder, models } = this.#parts;
    this.shown(frame);
    return recorder.follow({ kind: 'frame', at: now, unseen: !models(), ...this.#parts.asked() });
  }

  /** Passes a frame on to consoles that watch. */
  shown(frame: Frame): void {
    const { session, feed } = this.#parts;
    if (feed.isWatched(session)) feed.publishFrame({ ...frame, session });
  }

  /** The bytes are no usable JPEG: a check in this process or the decoder says so. */
  invalid(frame: { readonly seq: number }, problem: string, at: number): EventRow[] {
    return this.#parts.isObserved()
      ? this.#parts.recorder.follow({ kind: 'invalid', at }, { problem, frame: frame.seq })
      : [];
  }

  /** @returns undefined for a session that was paused, cut off or ended meanwhile */
  analysed(frame: WaitingFrame, detection: Detection): EventRow[] | undefined {
    const { session, recorder, feed, models, audience, isObserved, requests } = this.#parts;
    if (!isObserved()) return undefined;
    const details = { ...incidentDetails(detection, models()), ...clientTime(frame.capturedAt) };
    const observed = {
      kind: 'detection',
      detection,
      at: frame.receivedAt,
      digest: crc32(frame.jpeg),
      via: frame.settled ? 'post' : 'socket',
      excuse: requests().excuse(frame.receivedAt),
    } as const;
    const rows = recorder.follow(observed, details, frame);
    requests().analysed(frame, detection);
    const analysis = analysisOf(frame.seq, detection, recorder.state.policy);
    audience.send({ type: 'analysis', ...analysis });
    if (feed.isWatched(session)) feed.publishAnalysis(session, analysis);
    return rows;
  }

  /** Tells the client of a frame that the decoder refused after the frame had been taken. */
  sendInvalid(frame: { readonly seq: number }, problem: string): void {
    this.#parts.audience.send(new ProtocolError('invalid_image', problem, { ref: frame.seq }).toWire());
  }

  /** The inference host ended while it had the frame. */
  lost(at: number): void {
    const { recorder } = this.#parts;
    if (
      recorder.state.status === 'ended' ||
      (this.#lostAt !== undefined && Math.abs(at - this.#lostAt) < LOST_EVERY_MS)
    )
      return;
    this.#lostAt = at;
    void recorder.store([recorder.instant('FRAME_LOST', 'connection', at)]);
  }

  /** Frames are refused until the session ends or a person resumes it, also after a restart of the server. */
  quarantined(at: number): void {
    const { recorder } = this.#parts;
    if (recorder.state.status === 'ended' || recorder.state.isOpen('FRAMES_REFUSED')) return;
    void recorder.store(
      [recorder.record({ type: 'FRAMES_REFUSED', source: 'connection', startedAt: at, endedAt: undefined })],
      { stateChanged: true },
    );
  }
}
