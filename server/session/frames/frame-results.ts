import type { EventWrite } from '../../../db/events.ts';
import type { Detection } from '../../../models/jobs.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { Frame } from '../../../protocol/frame.ts';
import type { Audience, SessionRecorder, RecorderParts } from '../record/session-recorder.ts';
import { analysisOf, incidentDetails } from './detection-view.ts';
import type { FrameListener } from './frame-intake.ts';
import type { SeenFrame } from '../record/incident-pictures.ts';

export interface FrameResultsParts extends Pick<RecorderParts, 'feed' | 'models'> {
  readonly session: string;
  readonly recorder: SessionRecorder;
  readonly audience: Pick<Audience, 'send'>;
  /** Whether something can be said of the student at the moment. */
  readonly isObserved: () => boolean;
}

/**
 * A host that ends again and again must not fill the record: how many frames were lost is in the counts of each minute,
 * ms.
 */
const LOST_EVERY_MS = 60_000;

/** Farthest from 1970 that a Date can be, ms. */
const MAX_TIME = 8.64e15;

/** The client's clock, which decides nothing (rule E1), as it stands with its signals. */
const clientTime = (at: number | undefined) =>
  at === undefined || Math.abs(at) > MAX_TIME ? {} : { clientAt: new Date(at).toISOString() };

/** What the frames of one session lead to: observations, and what the student and those who watch are shown of them. */
export class FrameResults implements FrameListener {
  readonly #parts: FrameResultsParts;
  /** Of the last lost frame that an event tells of, server ms. */
  #lostAt: number | undefined;

  constructor(parts: FrameResultsParts) {
    this.#parts = parts;
  }

  arrived(frame: Frame, now: number): EventWrite[] {
    const { session, recorder, feed, models } = this.#parts;
    if (feed.isWatched(session)) feed.publishFrame({ ...frame, session });
    return recorder.follow({ kind: 'frame', at: now, unseen: !models() });
  }

  invalid(frame: { seq: number }, problem: string, at: number): EventWrite[] {
    return this.#parts.isObserved()
      ? this.#parts.recorder.follow({ kind: 'invalid', at }, { problem, frame: frame.seq })
      : [];
  }

  detected(
    frame: SeenFrame & { readonly seq: number; readonly capturedAt?: number },
    detection: Detection,
  ): EventWrite[] | undefined {
    const { session, recorder, feed, models, audience, isObserved } = this.#parts;
    // Paused, ended or cut off while the models looked: nothing may come of it any more.
    if (!isObserved()) return undefined;
    const details = { ...incidentDetails(detection, models()), ...clientTime(frame.capturedAt) };
    const rows = recorder.follow({ kind: 'detection', detection, at: frame.receivedAt }, details, frame);
    const analysis = analysisOf(frame.seq, detection);
    audience.send({ type: 'analysis', ...analysis });
    if (feed.isWatched(session)) feed.publishAnalysis(session, analysis);
    return rows;
  }

  unusable(frame: { seq: number }, problem: string): void {
    this.#parts.audience.send(new ProtocolError('invalid_image', problem, { ref: frame.seq }).toWire());
  }

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

  /** It lasts until the session ends or a person takes it back, whoever holds the session then. */
  quarantined(at: number): void {
    const { recorder } = this.#parts;
    if (recorder.state.status === 'ended' || recorder.state.isOpen('FRAMES_REFUSED')) return;
    void recorder.store(
      [recorder.record({ type: 'FRAMES_REFUSED', source: 'connection', startedAt: at, endedAt: undefined })],
      { stateChanged: true },
    );
  }
}
