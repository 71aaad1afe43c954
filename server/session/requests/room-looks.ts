import type { EventRow } from '../../../db/events.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { SeenFrame } from '../record/incident-pictures.ts';
import { commandGiven } from '../record/command-given.ts';
import { pendingRequest, type RequestParts } from './request-parts.ts';

/** Time for showing the room, s, and for putting the camera back, ms. */
const LOOK_SECONDS = 20;
const BACK_MS = 10_000;
/** The student has this long to begin or to decline, ms. */
const WAIT_MS = 5 * 60_000;
/** Interval of the pictures that are kept, ms, and their number. */
const PICTURE_MS = 1000;
const MAX_PICTURES = 24;
/** Frames per second sent. */
const FPS = 2;

/** - `interrupted`: the connection was lost, or the exam paused, while the room was shown. */
export type LookResult =
  'shown' | 'declined' | 'unanswered' | 'interrupted' | 'client' | 'server_restart' | 'session_end';

interface Look {
  /** Id of the event, and of the request. */
  readonly id: string;
  waitingSince: number;
  committed: boolean;
  sent: boolean;
  /** When the student began, server ms. */
  beganAt: number | undefined;
  pictures: number;
  pictureAt: number;
}

/** Looks at the room that a proctor asks one session's student for (rule R3). Methods return rows to be stored. */
export class RoomLooks {
  readonly #parts: RequestParts;
  #look: Look | undefined;
  /** Frames of this time open nothing that the camera shows, server ms. */
  #excused = { from: 0, until: 0 };

  constructor(parts: RequestParts) {
    this.#parts = parts;
  }

  get isPending(): boolean {
    return this.#look !== undefined;
  }

  /** The camera is being carried around, or put back. */
  isUnderWay(now: number): boolean {
    return this.#look?.beganAt !== undefined || now < this.#excused.until;
  }

  get fps(): number {
    return this.#look?.beganAt === undefined ? 0 : FPS;
  }

  excuses(at: number): boolean {
    return at >= this.#excused.from && at < this.#excused.until;
  }

  /** After a restart of the server: nobody knows how far it had come; the proctor may ask again. */
  resume(): EventRow[] {
    const { state } = this.#parts.recorder;
    const open = state.openEvents().find(({ type }) => type === 'ROOM_LOOK');
    const row = state.change('ROOM_LOOK', {
      at: open ? open.started_at.getTime() + (open.duration_ms ?? 0) : 0,
      ended: true,
      details: { result: 'server_restart' satisfies LookResult },
    });
    return row ? [row] : [];
  }

  /**
   * Resolves when it is committed; the client is told then.
   * @throws ProtocolError `request_pending` or `session_paused`
   */
  async ask(by: string, reason: string | undefined): Promise<EventRow> {
    const { recorder, clock } = this.#parts;
    if (this.#look) throw pendingRequest('a look at the room');
    if (recorder.state.status === 'paused') throw new ProtocolError('session_paused', 'session is paused');
    const now = clock();
    const row = recorder.record({
      type: 'ROOM_LOOK',
      source: 'proctor',
      startedAt: now,
      endedAt: undefined,
      details: { by, ...(reason !== undefined && { reason }) },
    });
    const look: Look = {
      id: row.id,
      waitingSince: now,
      committed: false,
      sent: false,
      beganAt: undefined,
      pictures: 0,
      pictureAt: 0,
    };
    this.#look = look;
    await recorder.store([row], { stateChanged: true, audit: [commandGiven({ do: 'room_look' }, row, by)] });
    look.committed = true;
    this.offer(clock());
    return row;
  }

  /** Sends the pending request, if the client does not have it yet. */
  offer(now: number): void {
    const look = this.#look;
    const { connected, shows } = this.#parts.client();
    const { recorder, send } = this.#parts;
    if (!look?.committed || look.sent || !connected || recorder.state.status !== 'active') return;
    if (!shows.has('room_look')) {
      void recorder.store(this.#end('client', now), { stateChanged: true });
      return;
    }
    look.sent = true;
    send({ type: 'room_look', id: look.id, seconds: LOOK_SECONDS });
  }

  begin(id: string, now: number): void {
    const look = this.#look;
    if (look?.id !== id || !look.sent || look.beganAt !== undefined || !this.#parts.isObserved()) return;
    look.beganAt = now;
    // Bounded, whatever happens to the end of it.
    this.#excused = { from: now, until: now + LOOK_SECONDS * 1000 + BACK_MS };
    this.#parts.retune();
  }

  /** @param reason the student's words */
  decline(id: string, reason: string | undefined, now: number): EventRow[] {
    const look = this.#look;
    if (look?.id !== id || look.beganAt !== undefined) return [];
    return this.#end('declined', now, reason === undefined ? {} : { studentReason: reason });
  }

  /** The connection is lost, or the exam paused. */
  interrupt(now: number): EventRow[] {
    const look = this.#look;
    if (!look) return [];
    if (look.beganAt !== undefined) return this.#end('interrupted', now);
    if (look.sent) this.#parts.send({ type: 'request_over', id: look.id, result: 'interrupted' });
    look.sent = false;
    return [];
  }

  arrived(frame: SeenFrame): void {
    const look = this.#look;
    if (look?.beganAt === undefined || look.pictures >= MAX_PICTURES) return;
    // Frames of a rate of two come a little early or late.
    if (frame.receivedAt - look.pictureAt < PICTURE_MS - 100) return;
    look.pictureAt = frame.receivedAt;
    look.pictures += 1;
    this.#parts.recorder.keepPicture(look.id, 'room', frame);
  }

  /** Once a second. */
  tick(now: number): EventRow[] {
    const look = this.#look;
    if (!look) return [];
    if (look.beganAt !== undefined) return now >= look.beganAt + LOOK_SECONDS * 1000 ? this.#end('shown', now) : [];
    if (now - look.waitingSince >= WAIT_MS) return this.#end('unanswered', now);
    this.offer(now);
    return [];
  }

  /** The session ends. */
  stop(now: number): EventRow[] {
    return this.#look ? this.#end('session_end', now) : [];
  }

  #end(result: LookResult, now: number, more: Readonly<Record<string, unknown>> = {}): EventRow[] {
    const { recorder, send, retune } = this.#parts;
    const look = this.#look!;
    this.#look = undefined;
    const { beganAt } = look;
    if (look.sent) send({ type: 'request_over', id: look.id, result: result === 'shown' ? 'done' : 'over' });
    if (beganAt !== undefined) {
      this.#excused = { from: beganAt, until: Math.min(this.#excused.until, now + BACK_MS) };
      retune();
    }
    const row = recorder.state.change('ROOM_LOOK', {
      at: now,
      ended: true,
      details: {
        result,
        ...(beganAt !== undefined && {
          shownSeconds: Math.round((now - beganAt) / 100) / 10,
          pictures: recorder.keepsPictures ? look.pictures : 0,
        }),
        ...more,
      },
    });
    return row ? [row] : [];
  }
}
