import type { NewAuditEntry } from '../../../db/audit/append.ts';
import type { EventRow } from '../../../db/events.ts';
import type { Command } from '../../../protocol/console.ts';
import type { EndReason, ExamDown } from '../../../protocol/down.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { Clock } from '../../clock.ts';
import { GivenCommands, type Once } from './command-keys.ts';
import type { SessionFrames } from '../frames/session-frames.ts';
import { commandGiven } from '../record/command-given.ts';
import type { SessionRecorder } from '../record/session-recorder.ts';
import type { StaffMessages } from '../conversation/staff-messages.ts';

/** A proctor's act on a session: its event, and its entry in the audit log. */
export interface Act {
  readonly row: EventRow;
  readonly entry: NewAuditEntry & { readonly id: string };
}

export interface ProctorCommandsParts {
  readonly recorder: SessionRecorder;
  readonly frames: SessionFrames;
  readonly messages: StaffMessages;
  readonly clock: Clock;
  readonly send: (message: ExamDown) => void;
  readonly end: (reason: EndReason, by: string, act: Act) => Promise<void>;
}

export interface CommandAuthor {
  readonly userId: string;
  /** Of a request with a key. */
  readonly once?: Once | undefined;
}

type MakeAct = (type: string, more?: Readonly<Record<string, unknown>>) => Act;

/** Commands of proctors to one live session. Each resolves when it is committed and the student is told. */
export class ProctorCommands {
  readonly #parts: ProctorCommandsParts;
  readonly #given = new GivenCommands();
  /** Author of the last pause or resumption; undefined while none is known in this process. */
  #lastBy: string | undefined;

  constructor(parts: ProctorCommandsParts) {
    this.#parts = parts;
  }

  /** @throws ProtocolError `no_deadline`, or `idempotency_conflict` with a key */
  run(command: Command, by: CommandAuthor): Promise<void> {
    return this.#given.run(by.once, () => this.#run(command, by));
  }

  async #run(command: Command, by: CommandAuthor): Promise<void> {
    const now = this.#parts.clock();
    const act: MakeAct = (type, more = {}) => {
      const reason = 'reason' in command && command.reason ? { reason: command.reason } : {};
      const row = this.#parts.recorder.record({
        type,
        source: 'proctor',
        startedAt: now,
        endedAt: now,
        details: { by: by.userId, ...reason, ...more },
        ...(by.once && { signal: { ...by.once, seq: 1 } }),
      });
      return { row, entry: commandGiven(command, row, by.userId) };
    };
    switch (command.do) {
      case 'pause':
        return this.#pause(act, command.reason, by.userId, now);
      case 'resume':
        return this.#resume(act, by.userId, now);
      case 'message':
        return this.#message(act('PROCTOR_MESSAGE', { text: command.text }));
      case 'extend': {
        // Adding minutes to no deadline would make one.
        if (!this.#parts.recorder.state.deadline)
          throw new ProtocolError('no_deadline', 'the session has no deadline to extend', { ref: command.session });
        const deadline = this.#parts.recorder.state.extend(command.minutes, now).toISOString();
        const serverTime = new Date(now).toISOString();
        return this.#store(act('SESSION_EXTENDED', { minutes: command.minutes, deadline }), [
          { type: 'extended', deadline, serverTime },
        ]);
      }
      case 'terminate':
        return this.#parts.end('terminated', by.userId, act('SESSION_TERMINATED'));
    }
  }

  async #message(act: Act): Promise<void> {
    await this.#store(act, []);
    await this.#parts.messages.offer();
  }

  async #pause(act: MakeAct, reason: string | undefined, by: string, now: number): Promise<void> {
    const { recorder, frames } = this.#parts;
    if (recorder.state.status === 'paused') return this.#noteAgain(act, 'SESSION_PAUSED', by);
    const before = frames.stop(now);
    const paused = act('SESSION_PAUSED');
    recorder.state.pause(now);
    this.#lastBy = by;
    const at = new Date(now).toISOString();
    await this.#store(paused, [{ type: 'paused', reason: reason ?? null, at }], { before });
  }

  async #resume(act: MakeAct, by: string, now: number): Promise<void> {
    const { recorder, frames } = this.#parts;
    const { state } = recorder;
    if (state.status === 'active') return this.#noteAgain(act, 'SESSION_RESUMED', by);
    const pausedMs = state.resume(now);
    this.#lastBy = by;
    const deadline = state.deadline?.toISOString();
    const resumed = act('SESSION_RESUMED', { pausedMs, ...(deadline && { deadline }) });
    // Older clients know no other message that moves the deadline.
    const extended = deadline && {
      type: 'extended' as const,
      deadline,
      serverTime: new Date(now).toISOString(),
      pausedMs,
    };
    await this.#store(resumed, [...(extended ? [extended] : []), { type: 'resumed' }], { after: frames.resume(now) });
  }

  /** Somebody else did the same before: nothing changes, and both are recorded. A repetition by the same person is not. */
  async #noteAgain(act: MakeAct, type: string, by: string): Promise<void> {
    // Of a session that was loaded anew the last author is not known: most running ones were never paused.
    const isOwn = this.#lastBy === undefined ? type === 'SESSION_RESUMED' : this.#lastBy === by;
    if (isOwn) return this.#parts.recorder.stored;
    this.#lastBy = by;
    await this.#store(act(type, { again: true }), []);
  }

  /** Stores the act between the rows of other events, and tells the student after COMMIT. */
  async #store(
    { row, entry }: Act,
    messages: readonly ExamDown[],
    { before = [], after = [] }: { readonly before?: readonly EventRow[]; readonly after?: readonly EventRow[] } = {},
  ): Promise<void> {
    await this.#parts.recorder.store([...before, row, ...after], { stateChanged: true, audit: [entry] });
    for (const message of messages) this.#parts.send(message);
  }
}
