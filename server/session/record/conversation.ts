import type { EventRow } from '../../../db/events.ts';
import type { ConversationState } from '../../../db/schema/conversation-state.ts';
import { CONVERSATION_EVENTS, isStudentWord } from '../../../protocol/event-types.ts';

const OF_CONVERSATION: ReadonlySet<string> = new Set(CONVERSATION_EVENTS);

/** Messages that are remembered until they are read, of each side; further ones keep no marks. */
export const MOST_UNREAD = 400;

const NOTHING_SAID: ConversationState = { hand: null, unread: 0, words: 0 };

/** A message's marks, in the details of its event. */
export interface Marks {
  /** Of staff: the exam client has it. */
  readonly deliveredAt?: string;
  /** The exam page has shown it, or staff have read it. */
  readonly readAt?: string;
  /** Of the staff: user id. */
  readonly readBy?: string;
}

export const isOfConversation = ({ type }: Pick<EventRow, 'type'>): boolean => OF_CONVERSATION.has(type);

/** Conversation of one session: the student's hand, and the messages of both sides that the other has not read. */
export class Conversation {
  #state: ConversationState | null;
  /** As they were last written, by id, oldest first. */
  readonly #unread = new Map<string, EventRow>();

  /** @param rows messages that are unread */
  constructor(state: ConversationState | null, rows: readonly EventRow[]) {
    this.#state = state;
    for (const row of rows) this.#unread.set(row.id, row);
  }

  /** Null before anything was said. */
  get state(): ConversationState | null {
    return this.#state;
  }

  get isHandRaised(): boolean {
    return this.#state?.hand != null;
  }

  /** Words of the student so far. */
  get words(): number {
    return this.#state?.words ?? 0;
  }

  /** Unread messages of one side, oldest first. */
  unreadOf(type: 'STUDENT_MESSAGE' | 'PROCTOR_MESSAGE'): EventRow[] {
    return [...this.#unread.values()].filter((row) => row.type === type);
  }

  /** An event was recorded. */
  add(row: EventRow): void {
    if (!isOfConversation(row)) return;
    const before = this.#state ?? NOTHING_SAID;
    const isStudents = row.source === 'client' && isStudentWord(row.type);
    const words = before.words + (isStudents ? 1 : 0);
    switch (row.type) {
      case 'HAND_RAISED':
        this.#state = { ...before, words, hand: before.hand ?? row.started_at.toISOString() };
        return;
      case 'HAND_LOWERED':
        this.#state = { ...before, words, hand: null };
        return;
      case 'STUDENT_MESSAGE':
        this.#state = { ...before, words, unread: before.unread + 1 };
        break;
      default:
        this.#state = before;
    }
    this.#unread.set(row.id, row);
    const oldest = this.#unread.keys().next().value;
    if (this.#unread.size > MOST_UNREAD && oldest !== undefined) this.#unread.delete(oldest);
  }

  /** A newer state of an event was recorded. */
  changed(row: EventRow): void {
    if (!this.#unread.has(row.id)) return;
    if ((row.details as Marks).readAt === undefined) this.#unread.set(row.id, row);
    else this.#unread.delete(row.id);
  }

  /** Staff have read the messages of the student up to this number. */
  readByStaff(upTo: number): void {
    const before = this.#state;
    if (before)
      this.#state = { ...before, unread: this.unreadOf('STUDENT_MESSAGE').filter(({ seq }) => seq > upTo).length };
  }
}
