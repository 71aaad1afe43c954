import type { NewAuditEntry } from '../../../db/audit/append.ts';
import type { EventRow } from '../../../db/events.ts';
import type { Detection, Pose } from '../../../models/jobs.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import { challengesOf } from '../../../protocol/policy.ts';
import { DIRECTIONS, type Direction, type RequestEnd } from '../../../protocol/request-kinds.ts';
import type { SeenFrame } from '../record/incident-pictures.ts';
import {
  amountIn,
  beginTurn,
  type HeadTurn,
  isPassed,
  resultOf,
  takeTurn,
  type TurnResult,
  type Unseen,
} from '../rules/head-turn.ts';
import { drawDirection } from './chance.ts';
import { commandGiven } from '../record/command-given.ts';
import { detailsOf, pendingRequest, type RequestParts } from './request-parts.ts';
import { TurnPictures } from './turn-pictures.ts';

/** Frames per second, sent and analysed, at which a turn of a second is seen. */
const FPS = 4;
/** The student has this long until the page shows the request, ms: it may be hidden, or reconnecting. */
const WAIT_MS = 45_000;
/** So long in all, however often the page hides or the connection breaks before, ms. */
const MOST_WAIT_MS = 180_000;
/** Frames of the answer time may still be with the models, ms. */
const LATE_MS = 1500;
/** Turning back is part of it, ms. */
const BACK_MS = 3000;
/** A request that was interrupted is made once more, to another side. */
const TRIES = 2;

/** Why nothing is known, besides what frames showed. */
export type NotSeen =
  Unseen | 'client' | 'offline' | 'hidden' | 'not_shown' | 'paused' | 'vision_off' | 'server_busy' | 'session_end';

interface Pending {
  /** Id of the event, and of the request. */
  readonly id: string;
  direction: Direction;
  tries: number;
  /** Since when it could have been shown, server ms. */
  waitingSince: number;
  /** The same, but for interruptions before the student saw it. */
  unseenSince: number;
  /** The event is committed, and the client of this connection has it. */
  committed: boolean;
  sent: boolean;
  /** From when the student sees it. */
  running: { turn: HeadTurn; readonly pictures: TurnPictures } | undefined;
  /** Last reason of an interruption. */
  interrupted: NotSeen | undefined;
}

const isDirection = (value: unknown): value is Direction => (DIRECTIONS as readonly unknown[]).includes(value);

/** Head turns that one session's student is asked for, one at a time (rule R2). Methods return rows to be stored. */
export class Challenges {
  readonly #parts: RequestParts;
  #pending: Pending | undefined;
  /** Frames of this time open nothing that follows from a turn, server ms. */
  #excused = { from: 0, until: 0 };
  #pose: { readonly pose: Pose; readonly at: number } | undefined;

  constructor(parts: RequestParts, now: number) {
    this.#parts = parts;
    const open = parts.recorder.state.openEvents().find(({ type }) => type === 'CHALLENGE_ASKED');
    if (open) this.#pending = resumed(open, now);
  }

  /**
   * After a restart of the server: whether the student had seen the request is not known, so that it comes again, to
   * another side. The restart is none of the student's interruptions.
   */
  resume(now: number): EventRow[] {
    return this.#pending ? this.#again(this.#pending, now) : [];
  }

  get isPending(): boolean {
    return this.#pending !== undefined;
  }

  isOf(request: string): boolean {
    return this.#pending?.id === request;
  }

  get fps(): number {
    return this.#pending?.running ? FPS : 0;
  }

  /** The pose of the student was seen at about this time. */
  sawPose(now: number): boolean {
    return this.#pose !== undefined && now - this.#pose.at < BACK_MS;
  }

  excuses(at: number): boolean {
    return at >= this.#excused.from && at < this.#excused.until;
  }

  /**
   * Asks by a proctor, or at random. Resolves when it is committed; the client is told then.
   * @throws ProtocolError `challenges_off`, `request_pending` or `session_paused`
   */
  async ask(by: string | undefined, direction?: Direction): Promise<EventRow> {
    const { recorder, clock, random } = this.#parts;
    const { enabled, seconds } = challengesOf(recorder.state.policy);
    if (!enabled)
      throw new ProtocolError('challenges_off', "the session's policy or accommodations switch head turns off");
    if (this.#pending) throw pendingRequest('a head turn');
    if (recorder.state.status === 'paused') throw new ProtocolError('session_paused', 'session is paused');
    const now = clock();
    const drawn = direction ?? drawDirection(random);
    const row = recorder.record({
      type: 'CHALLENGE_ASKED',
      source: by === undefined ? 'connection' : 'proctor',
      startedAt: now,
      endedAt: undefined,
      details: { direction: drawn, seconds, tries: 1, ...(by === undefined ? { atRandom: true } : { by }) },
    });
    const pending: Pending = {
      id: row.id,
      direction: drawn,
      tries: 1,
      waitingSince: now,
      unseenSince: now,
      committed: false,
      sent: false,
      running: undefined,
      interrupted: undefined,
    };
    this.#pending = pending;
    const audit: (NewAuditEntry & { id: string })[] =
      by === undefined ? [] : [commandGiven({ do: 'challenge' }, row, by)];
    await recorder.store([row], { stateChanged: true, audit });
    pending.committed = true;
    this.offer(clock());
    return row;
  }

  /** Sends the pending request, if the client does not have it yet. */
  offer(now: number): void {
    const pending = this.#pending;
    const { connected, shows } = this.#parts.client();
    if (!pending?.committed || pending.sent || !connected || this.#parts.recorder.state.status !== 'active') return;
    if (!shows.has('challenge')) {
      void this.#parts.recorder.store(this.#end({ result: 'not_seen', reason: 'client' }, now), { stateChanged: true });
      return;
    }
    pending.sent = true;
    pending.waitingSince = now;
    const { seconds } = challengesOf(this.#parts.recorder.state.policy);
    this.#parts.send({ type: 'challenge', id: pending.id, direction: pending.direction, seconds });
  }

  /** The student sees it: the time begins. */
  shown(id: string, now: number): EventRow[] {
    const pending = this.#pending;
    if (pending?.id !== id || !pending.sent || pending.running || !this.#parts.isObserved()) return [];
    if (!this.#parts.isAnalysed()) return this.#end({ result: 'not_seen', reason: 'vision_off' }, now);
    const straight = this.#straight;
    const pose = this.sawPose(now) ? this.#pose?.pose : undefined;
    const turn = beginTurn(pending.direction, now, this.#seconds, { pose, straight });
    pending.running = { turn, pictures: new TurnPictures() };
    this.#excused = { from: now, until: Number.POSITIVE_INFINITY };
    this.#parts.retune();
    return [];
  }

  /**
   * The student cannot see it any longer, or is not seen: the connection, the page, a pause. It comes again, to another
   * side, once.
   */
  interrupt(reason: NotSeen, now: number): EventRow[] {
    const pending = this.#pending;
    if (!pending) return [];
    const wasSeen = pending.running !== undefined;
    pending.interrupted = reason;
    pending.waitingSince = now;
    if (pending.sent) this.#tell('interrupted');
    pending.sent = false;
    if (!wasSeen) return [];
    return pending.tries >= TRIES ? this.#end({ result: 'not_seen', reason }, now) : this.#again(pending, now);
  }

  analysed(frame: SeenFrame, detection: Detection): EventRow[] {
    const { recorder, clock } = this.#parts;
    if (detection.pose) this.#pose = { pose: detection.pose, at: frame.receivedAt };
    const running = this.#pending?.running;
    if (!running || frame.receivedAt < running.turn.from || frame.receivedAt > running.turn.until) return [];
    running.turn = takeTurn(recorder.state.policy, running.turn, detection, this.#straight, frame.receivedAt);
    running.pictures.take(frame, amountIn(running.turn, detection, this.#straight));
    return isPassed(running.turn) ? this.#end(resultOf(running.turn), clock()) : [];
  }

  /** Once a second. */
  tick(now: number): EventRow[] {
    const pending = this.#pending;
    if (!pending) return [];
    if (pending.running)
      return now >= pending.running.turn.until + LATE_MS ? this.#end(resultOf(pending.running.turn), now) : [];
    if (this.#parts.recorder.state.status === 'paused') pending.waitingSince = pending.unseenSince = now;
    if (now - pending.waitingSince >= WAIT_MS || now - pending.unseenSince >= MOST_WAIT_MS)
      return this.#end({ result: 'not_seen', reason: this.#whyWaiting() }, now);
    this.offer(now);
    return [];
  }

  /** The session ends. */
  stop(now: number): EventRow[] {
    const pending = this.#pending;
    if (!pending) return [];
    return this.#end({ result: 'not_seen', reason: 'session_end' }, now);
  }

  #again(pending: Pending, now: number): EventRow[] {
    this.#stopWatching(now);
    pending.tries = Math.min(TRIES, pending.tries + 1);
    pending.unseenSince = now;
    pending.direction = drawDirection(this.#parts.random, pending.direction);
    const details = { direction: pending.direction, tries: pending.tries };
    const row = this.#parts.recorder.state.change('CHALLENGE_ASKED', { at: now, ended: false, details });
    return row ? [row] : [];
  }

  get #seconds(): number {
    return challengesOf(this.#parts.recorder.state.policy).seconds;
  }

  get #straight() {
    return this.#parts.recorder.straight ?? { yaw: 0, pitch: 0 };
  }

  #whyWaiting(): NotSeen {
    const { connected, visible } = this.#parts.client();
    if (!connected) return 'offline';
    if (visible === false) return 'hidden';
    return this.#pending?.interrupted ?? 'not_shown';
  }

  #stopWatching(now: number): void {
    const pending = this.#pending;
    if (!pending?.running) return;
    pending.running = undefined;
    this.#excused = { ...this.#excused, until: now + BACK_MS };
    this.#parts.retune();
  }

  #tell(result: RequestEnd): void {
    if (this.#pending) this.#parts.send({ type: 'request_over', id: this.#pending.id, result });
  }

  #end(outcome: TurnResult | { readonly result: 'not_seen'; readonly reason: NotSeen }, now: number): EventRow[] {
    const pending = this.#pending!;
    const { recorder } = this.#parts;
    const { running } = pending;
    const asked = recorder.state.change('CHALLENGE_ASKED', { at: now, ended: true });
    if (pending.sent) this.#tell(outcome.result === 'passed' ? 'passed' : 'over');
    this.#stopWatching(now);
    this.#pending = undefined;
    if (!asked) return [];
    const { by, atRandom } = detailsOf(asked);
    const { result, ...found } = outcome;
    const details = 'reason' in found ? { why: found.reason } : found;
    const type = ({ passed: 'CHALLENGE_PASSED', failed: 'CHALLENGE_FAILED', not_seen: 'CHALLENGE_NOT_SEEN' } as const)[
      result
    ];
    const row = recorder.record({
      type,
      // Incidents of the camera are reviewed; that a turn was made, or not seen, is none.
      source: result === 'failed' ? 'vision' : 'connection',
      startedAt: running?.turn.from ?? asked.started_at.getTime(),
      endedAt: running ? Math.min(now, running.turn.until) : now,
      details: {
        direction: pending.direction,
        ...details,
        ...(running && { frames: running.turn.frames }),
        ...(atRandom ? { atRandom } : { by }),
      },
    });
    if (result === 'failed')
      for (const [kind, frame] of running?.pictures.all() ?? []) recorder.keepPicture(row.id, kind, frame);
    return [asked, row];
  }
}

/** Of a process that died. */
function resumed(open: EventRow, now: number): Pending {
  const { direction, tries } = detailsOf(open);
  return {
    id: open.id,
    direction: isDirection(direction) ? direction : 'left',
    tries: typeof tries === 'number' ? tries : 1,
    waitingSince: now,
    unseenSince: now,
    committed: true,
    sent: false,
    running: undefined,
    interrupted: undefined,
  };
}
