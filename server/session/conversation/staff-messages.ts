import type { EventRow } from '../../../db/events.ts';
import type { ExamDown } from '../../../protocol/down.ts';
import type { Seen } from '../../../protocol/exam.ts';
import { conversationOf } from '../../../protocol/policy.ts';
import type { Clock } from '../../clock.ts';
import { commandGiven } from '../record/command-given.ts';
import type { Marks } from '../record/conversation.ts';
import type { SessionRecorder } from '../record/session-recorder.ts';

/** Undefined: nobody has this id. */
export type FindName = (userId: string) => Promise<string | undefined>;

export interface StaffMessagesParts {
  readonly recorder: SessionRecorder;
  readonly clock: Clock;
  readonly send: (message: ExamDown) => void;
  readonly findName: FindName;
}

const detailsOf = ({ details }: EventRow) => details as Marks & { readonly by?: string; readonly text?: string };

/** Messages of staff to one session's student, and the marks of both sides (rules M4, M5). */
export class StaffMessages {
  readonly #parts: StaffMessagesParts;
  /** Highest number that the connected client was sent. */
  #sent = 0;
  /** The connected client sends `seen`: it is offered what it has not seen. */
  #marks = false;
  /** Messages are sent in their order, though names are looked up. */
  #tail: Promise<void> = Promise.resolve();

  constructor(parts: StaffMessagesParts) {
    this.#parts = parts;
    this.#sent = this.#newest;
  }

  /** A client is connected, and welcomed. Clients that mark nothing got everything when it was written, or never. */
  attached(marks: boolean): void {
    this.#marks = marks;
    this.#sent = marks ? 0 : this.#newest;
    void this.offer();
  }

  /** Sends what the connected client has not been sent. Resolves when it is. */
  offer(): Promise<void> {
    this.#tail = this.#tail.then(() => this.#offer());
    return this.#tail;
  }

  /** The client marks messages: absolute numbers, so that a repetition changes nothing. */
  seen({ delivered, read }: Seen): void {
    if (!this.#marks) return;
    const { recorder, clock } = this.#parts;
    const at = new Date(clock()).toISOString();
    const rows = recorder.state.conversation.unreadOf('PROCTOR_MESSAGE').flatMap((row) => {
      const { deliveredAt } = detailsOf(row);
      const isRead = row.seq <= read;
      if (!isRead && (deliveredAt !== undefined || row.seq > delivered)) return [];
      return [recorder.state.annotate(row, { deliveredAt: deliveredAt ?? at, ...(isRead && { readAt: at }) })];
    });
    void recorder.store(rows);
  }

  /** Resolves when it is committed, with the number of messages that nobody has read. */
  async readByStaff(upTo: number, by: string): Promise<number> {
    const { recorder, clock } = this.#parts;
    const { conversation } = recorder.state;
    const readAt = new Date(clock()).toISOString();
    const read = conversation.unreadOf('STUDENT_MESSAGE').filter(({ seq }) => seq <= upTo);
    conversation.readByStaff(upTo);
    await recorder.store(read.map((row) => recorder.state.annotate(row, { readAt, readBy: by })));
    return conversation.state?.unread ?? 0;
  }

  /** Resolves when it is committed; nothing happens unless the hand is raised. */
  async lowerHand(by: string): Promise<void> {
    const { recorder, clock } = this.#parts;
    if (!recorder.state.conversation.isHandRaised) return recorder.stored;
    const row = recorder.instant('HAND_LOWERED', 'proctor', clock(), { by });
    await recorder.store([row], { audit: [commandGiven({ do: 'lower_hand' }, row, by)] });
  }

  get #newest(): number {
    return this.#parts.recorder.state.conversation.unreadOf('PROCTOR_MESSAGE').at(-1)?.seq ?? 0;
  }

  async #offer(): Promise<void> {
    const { recorder, send, findName } = this.#parts;
    // What is told is committed.
    await recorder.stored.catch(() => {});
    for (const row of recorder.state.conversation.unreadOf('PROCTOR_MESSAGE')) {
      const { by, text, deliveredAt } = detailsOf(row);
      if (row.seq <= this.#sent || text === undefined) continue;
      this.#sent = row.seq;
      if (deliveredAt !== undefined && this.#marks) continue;
      const isNamed = conversationOf(recorder.state.policy).staffNames && by !== undefined;
      const from = isNamed ? await findName(by).catch(() => undefined) : undefined;
      send({
        type: 'notice',
        text,
        id: row.id,
        seq: row.seq,
        at: row.started_at.toISOString(),
        ...(from !== undefined && { from }),
      });
    }
  }
}
