import { MAX_HELD_MESSAGES, MAX_STUDENT_MESSAGE_BYTES } from '../../protocol/conversation.ts';
import type { ExamDown } from '../../protocol/down.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import type { ExamMessage } from '../../protocol/exam.ts';
import { plainText } from '../../protocol/plain-text.ts';
import { utf8Bytes } from '../../protocol/signal-data.ts';
import type { SignalBody } from './signal-queue.ts';

type Notice = Extract<ExamDown, { type: 'notice' }>;

/** A message of the student that the server has not stored yet. */
export interface WaitingMessage {
  readonly text: string;
  /** When it was written, by this device's clock, ISO 8601. */
  readonly at: string;
}

export const asWaiting = ({ at, data }: SignalBody): WaitingMessage => {
  const text = data?.['text'];
  return { text: typeof text === 'string' ? text : '', at };
};

/**
 * Text of a message as it is stored. @param held messages that wait
 * @throws ProtocolError `bad_message` if it is empty, `too_large`, or `rate_limited` while too many wait
 */
export function checkMessage(written: string, held: number): string {
  const text = plainText(written);
  if (text === '') throw new ProtocolError('bad_message', 'a message must have a text');
  if (utf8Bytes(text) > MAX_STUDENT_MESSAGE_BYTES)
    throw new ProtocolError('too_large', `a message must be at most ${MAX_STUDENT_MESSAGE_BYTES} bytes`);
  if (held >= MAX_HELD_MESSAGES)
    throw new ProtocolError('rate_limited', `at most ${MAX_HELD_MESSAGES} messages may wait`, { retryable: true });
  return text;
}

/** Marks of messages of staff, and the student's hand, on one device (rules M3, M4). */
export class Conversation {
  /** Highest number of a `notice`; the page may learn of a message from its event first. */
  #taken = 0;
  #read = 0;
  #hand = false;
  #watched = false;

  get handRaised(): boolean {
    return this.#hand;
  }

  get watched(): boolean {
    return this.#watched;
  }

  /** @returns whether the message is new here; servers of before version 22 do not number them */
  take({ seq }: Notice): boolean {
    if (seq === undefined) return true;
    const isNew = seq > this.#taken;
    this.#taken = Math.max(this.#taken, seq);
    return isNew;
  }

  /** @returns whether that is new */
  read(seq: number): boolean {
    const isNew = seq > this.#read;
    this.#read = Math.max(this.#read, seq);
    return isNew;
  }

  /** Undefined while there is nothing to mark. */
  get marks(): ExamMessage | undefined {
    const delivered = Math.max(this.#taken, this.#read);
    return delivered === 0 ? undefined : { type: 'seen', delivered, read: this.#read };
  }

  /** @returns whether the hand has changed */
  hand(isRaised: boolean): boolean {
    const changed = isRaised !== this.#hand;
    this.#hand = isRaised;
    return changed;
  }

  watching(isWatched: boolean): void {
    this.#watched = isWatched;
  }
}
