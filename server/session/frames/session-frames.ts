import type { AnalysisMinuteRow } from '../../../db/analysis-minutes.ts';
import type { EventRow } from '../../../db/events.ts';
import type { NamedSessionRow } from '../../../db/sessions.ts';
import type { Throttle } from '../../../protocol/down.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { Frame } from '../../../protocol/frame.ts';
import type { FrameAnalysis } from '../../../protocol/http/frames.ts';
import type { LoadShedding } from '../../inference/load-shedding.ts';
import type { Scheduler } from '../../inference/scheduler.ts';
import type { Metrics } from '../../metrics.ts';
import type { Pressure } from '../record/backlog.ts';
import type { Audience, RecorderParts, SessionRecorder } from '../record/session-recorder.ts';
import { AnalysisMinutes } from './analysis-minutes.ts';
import { FrameCounts } from './frame-counts.ts';
import { FrameIntake } from './frame-intake.ts';
import { type FrameRequests, NO_REQUESTS } from './frame-requests.ts';
import { FrameResults } from './frame-results.ts';
import { FrameSlot } from './frame-slot.ts';
import { PostedFrames } from './posted-frames.ts';
import { Quarantine } from './quarantine.ts';

export interface SessionFramesParts extends RecorderParts {
  readonly scheduler: Scheduler;
  readonly rate: LoadShedding;
  readonly metrics: Metrics;
}

/** The session as its frames see it. */
interface FrameAudience extends Audience {
  readonly pressure: Pressure;
}

/** Seconds until a posted frame may be sent again that was refused while the database is down. */
const STORE_RETRY_S = 5;

/** All frames of one session, from a socket or by HTTP: when they are taken, and when the session is observed. */
export class SessionFrames {
  readonly #parts: SessionFramesParts;
  readonly #recorder: SessionRecorder;
  readonly #session: FrameAudience;
  readonly #minutes: AnalysisMinutes;
  readonly #quarantine: Quarantine;
  readonly #slot: FrameSlot;
  readonly #intake: FrameIntake;
  readonly #posted: PostedFrames;
  /** Set by the live session. */
  requests: FrameRequests = NO_REQUESTS;

  constructor(row: NamedSessionRow, recorder: SessionRecorder, session: FrameAudience, parts: SessionFramesParts) {
    const now = parts.clock();
    const { rate, clock, models } = parts;
    this.#parts = parts;
    this.#recorder = recorder;
    this.#session = session;
    this.#minutes = new AnalysisMinutes(row.id, row.owner_epoch, now);
    this.#quarantine = new Quarantine(recorder.state.isOpen('FRAMES_REFUSED'));
    const quarantine = this.#quarantine;
    const requests = () => this.requests;
    const counts = new FrameCounts(parts.metrics, this.#minutes);
    const results = new FrameResults({
      ...parts,
      session: row.id,
      recorder,
      audience: session,
      isObserved: () => this.#isObserved,
      requests,
      asked: () => (session.connected ? { frameIntervalMs: 1000 / this.#intake.sendFps } : {}),
    });
    const { gaze, frames: policy } = recorder.state.policy;
    const slot = new FrameSlot(row.student_id, parts.scheduler, results, counts, quarantine, gaze.enabled);
    const intake = new FrameIntake({ policy, rate, slot, results, counts, quarantine, requests }, now);
    this.#slot = slot;
    this.#intake = intake;
    this.#posted = new PostedFrames({ recorder, intake, slot, clock, models, connected: () => session.connected });
  }

  /** Rate and size that the client is asked for. */
  get throttle(): Throttle {
    const { maxWidth, quality } = this.#recorder.state.policy.frames;
    const fps = this.#intake.sendFps;
    const reason = this.#parts.models() ? (this.#parts.rate.scale < 1 ? 'busy' : 'policy') : 'vision_off';
    return { fps, maxWidth, quality, reason };
  }

  /** Takes a frame from the socket. @throws ProtocolError as `FrameIntake.push` */
  push(frame: Frame, now: number): void {
    const { state } = this.#recorder;
    if (state.status === 'ended') return this.#intake.skip('ended', now);
    state.lastFrameAt = now;
    state.lastSeenAt = now;
    if (this.#session.pressure !== 'none') this.#intake.skip('store_away', now);
    else if (state.status === 'paused') this.#intake.show(frame, now);
    else this.#intake.push(frame, now);
  }

  /** @throws ProtocolError as `PostedFrames.analyse` */
  post(jpeg: Uint8Array): Promise<FrameAnalysis> {
    return this.#posted.analyse(jpeg);
  }

  /** A new connection: its numbers start again. */
  restart(now: number): void {
    this.#intake.restart();
    this.#slot.forgetFace();
    this.#slot.drop('cut_off', now);
    this.#posted.stop();
    this.begin(now);
  }

  /** The session is observed from now on, unless a pause, the write queue or a missing client still keeps it from being. */
  begin(now: number): void {
    if (this.#isObserved) this.#recorder.observe({ kind: 'resume', at: now });
  }

  /** The session is no longer observed. @returns rows of the incidents that this ends */
  stop(now: number, reason: 'cut_off' | 'store_away' = 'cut_off'): EventRow[] {
    this.drop(now, reason);
    this.#posted.stop();
    return this.#recorder.observe({ kind: 'gap', at: now });
  }

  /** Drops the waiting frame. */
  drop(now: number, reason: 'cut_off' | 'store_away' = 'cut_off'): void {
    this.#slot.drop(reason, now);
  }

  /** A person resumes the session: its frames are analysed again (rule F9). @returns rows of what this ends */
  resume(now: number): EventRow[] {
    this.#quarantine.lift();
    this.begin(now);
    const refused = this.#recorder.state.change('FRAMES_REFUSED', { at: now, ended: true });
    return refused ? [refused] : [];
  }

  /** The shared rate, or the state of vision, changed. */
  retune(now: number): void {
    this.#intake.retune(now);
    // No model will analyse the waiting frame.
    if (!this.#parts.models()) this.drop(now);
  }

  /** Once a second. */
  tick(now: number): void {
    this.#posted.tick(now);
    // While frames are dropped for the database's sake there are no observations, and no more counts than needed.
    if (this.#session.pressure !== 'none') return;
    if (this.#session.connected && this.#recorder.state.status === 'active') {
      this.#minutes.watched(now);
      this.#recorder.follow({ kind: 'tick', at: now, frameIntervalMs: 1000 / this.#intake.sendFps });
    }
    if (this.#minutes.isDue(now)) this.saveMinutes(now);
  }

  /** Counts that are not stored yet. */
  takeMinutes(now: number): AnalysisMinuteRow[] {
    return this.#minutes.take(this.#parts.models(), now);
  }

  saveMinutes(now: number): void {
    void this.#recorder.store([], { minutes: this.takeMinutes(now) });
  }

  /** Observations count: there is a socket, or frames are posted, and neither a pause nor a full write queue. */
  get #isObserved(): boolean {
    return (
      this.#session.pressure === 'none' &&
      (this.#session.connected || this.#posted.isObserving) &&
      this.#recorder.state.status === 'active'
    );
  }
}

/** Posted frames and reports are refused, and may come again. */
export const storeDown = () =>
  new ProtocolError('unavailable', 'the database is down, and too many writes are waiting', {
    retryable: true,
    retryAfterSeconds: STORE_RETRY_S,
  });
