import type { EventRow } from '../../../db/events.ts';
import type { Hello } from '../../../protocol/exam.ts';
import type { ExamDown } from '../../../protocol/down.ts';
import { CLOSE, type CloseCode, type ProtocolError } from '../../../protocol/errors.ts';
import type { Clock } from '../../clock.ts';
import type { SessionFrames } from '../frames/session-frames.ts';
import type { SessionRecorder } from '../record/session-recorder.ts';
import { RepeatedGaps } from '../rules/repeated-gaps.ts';
import type { ClientStates } from '../signals/client-states.ts';
import type { BoundedEvents } from '../signals/bounded-events.ts';
import type { SignalIntake } from '../signals/signal-intake.ts';
import type { SignalStream } from '../signals/signal-stream.ts';
import { OriginEvents } from './origin-events.ts';
import type { OriginDigest } from './origin-digest.ts';
import { TIME_EVERY_MS, welcomeOf } from './welcome.ts';

/** The exam socket as the session sees it. */
export interface ExamClient {
  /** Login of the student that the socket belongs to. */
  readonly loginId: string;
  /** IP address of the client. */
  readonly address: string;
  send(message: ExamDown): void;
  /** Sends the error, then closes. */
  end(code: CloseCode, error?: ProtocolError): void;
}

export interface ClientLinkParts {
  readonly session: string;
  readonly recorder: SessionRecorder;
  readonly bounded: BoundedEvents;
  readonly frames: SessionFrames;
  readonly signals: SignalIntake;
  readonly states: ClientStates;
  readonly digest: OriginDigest;
  readonly clock: Clock;
}

/** A socket whose peer is gone is closed after this long (rule C13): a gap noticed by a reconnect began no earlier. ms */
const LONGEST_SILENCE_MS = 30_000;

/** The attached exam client of one session, and what its coming and going leads to. */
export class ClientLink {
  readonly #parts: ClientLinkParts;
  readonly #origins: OriginEvents;
  readonly #gaps = new RepeatedGaps();
  #client: ExamClient | undefined;
  /** Stream of the attached client. */
  #stream: SignalStream | undefined;
  /** The attached client has sent more than its `hello`. */
  #spoke = false;
  /** When the attached client was last told the time, server ms. */
  #toldAt = 0;
  /** Since when no client has been attached, server ms; undefined while one is. */
  detachedAt: number | undefined;

  constructor(parts: ClientLinkParts) {
    this.#parts = parts;
    this.#origins = new OriginEvents(parts);
    this.detachedAt = parts.clock();
  }

  get connected(): boolean {
    return this.#client !== undefined;
  }

  /**
   * The newest connection wins (rule C7).
   * @returns true if another client had the session, and not this one on an earlier connection
   * @throws ProtocolError `rate_limited` (close 4429) after too many connections in place of a live one
   */
  attach(client: ExamClient, stream: SignalStream, hello: Hello): boolean {
    const { session, recorder, bounded, frames, signals, states, clock } = this.#parts;
    const now = clock();
    const before = this.#client;
    if (before) bounded.takeOver(now);
    // A client whose `welcome` was lost greets once more, without a stream to resume.
    const isSame = stream === this.#stream || !this.#spoke;
    const returns = before !== undefined && isSame && client.loginId === before.loginId;
    const rows = !before ? this.#restored(now) : returns ? this.#reconnected(now) : this.#takenOver(now);
    // Dated by the gap, if there was one.
    const lost = rows.find(({ type }) => type === 'CONNECTION_LOST');
    const moved = this.#origins.connected({ hello, address: client.address }, lost?.started_at.getTime(), now);
    rows.push(...moved);
    this.#client = client;
    this.#stream = stream;
    this.#spoke = false;
    this.detachedAt = undefined;
    recorder.state.lastSeenAt = now;
    signals.attach(stream);
    frames.restart(now);
    const sameClient = hello.device !== undefined && !moved.some(({ type }) => type === 'DEVICE_CHANGED');
    states.attach(hello.reportsState === true, sameClient, now);
    this.#toldAt = now;
    client.send(welcomeOf(session, recorder, stream, frames.throttle, now));
    signals.press();
    before?.end(CLOSE.takenOver);
    void recorder.store(rows, { stateChanged: true });
    return before !== undefined && !returns;
  }

  /** The socket is closed: a gap in the observation, not an offence (rule E6). */
  detach(client: ExamClient): void {
    if (this.#client !== client) return;
    const { recorder, bounded, frames, states, clock } = this.#parts;
    const now = clock();
    this.#client = undefined;
    this.detachedAt = now;
    if (recorder.state.status === 'ended') return frames.drop(now);
    const rows = [...states.stop(now), ...frames.stop(now)];
    if (bounded.admits('CONNECTION_LOST', now)) rows.push(...this.#lost(now, undefined, now));
    void recorder.store(rows, { stateChanged: true, minutes: frames.takeMinutes(now) });
  }

  /** The attached client has sent a frame or a signal. */
  spoke(): void {
    this.#spoke = true;
  }

  /** A request was received. `lastSeenAt` dates the loss of a socket, so that it is for sessions with one. */
  heard(): void {
    const now = this.#parts.clock();
    if (this.#client) this.#parts.recorder.state.lastSeenAt = now;
    else this.detachedAt = now;
  }

  /** Once a second. A client that hears nothing cannot tell a quiet session from a dead connection (rule C17). */
  tick(now: number): void {
    if (!this.#client || Math.abs(now - this.#toldAt) < TIME_EVERY_MS) return;
    this.#toldAt = now;
    this.#client.send({ type: 'time', serverTime: new Date(now).toISOString() });
  }

  send(message: ExamDown): void {
    this.#client?.send(message);
  }

  close(code: CloseCode): void {
    this.#client?.end(code);
  }

  /** Closes the socket after the end of the session; its `detach` follows and leads to nothing. */
  release(code: CloseCode): void {
    this.close(code);
    this.#client = undefined;
  }

  #takenOver(now: number): EventRow[] {
    const { recorder, bounded } = this.#parts;
    return bounded.admits('SESSION_TAKEOVER', now) ? [recorder.instant('SESSION_TAKEOVER', 'connection', now)] : [];
  }

  /**
   * After a change of network the client is back before the server notices the end of the old connection: a gap (rule
   * E6), from when the client was last heard.
   */
  #reconnected(now: number): EventRow[] {
    const { recorder, bounded, frames, states } = this.#parts;
    const heard = Math.max(recorder.state.lastSeenAt ?? now, now - LONGEST_SILENCE_MS);
    const rows = [...states.stop(now), ...frames.stop(now)];
    if (!bounded.admits('CONNECTION_LOST', now)) return rows;
    rows.push(...this.#lost(heard, now, now), recorder.instant('CONNECTION_RESTORED', 'connection', now));
    return rows;
  }

  #lost(startedAt: number, endedAt: number | undefined, now: number): EventRow[] {
    const { recorder } = this.#parts;
    const rows = [recorder.record({ type: 'CONNECTION_LOST', source: 'connection', startedAt, endedAt })];
    const repeated = this.#gaps.add(startedAt);
    if (repeated) rows.push(recorder.instant('CONNECTION_UNSTABLE', 'connection', now, { ...repeated }));
    return rows;
  }

  #restored(now: number): EventRow[] {
    const { recorder } = this.#parts;
    const lost = recorder.state.change('CONNECTION_LOST', { at: now, ended: true });
    return lost ? [lost, recorder.instant('CONNECTION_RESTORED', 'connection', now)] : [];
  }
}
