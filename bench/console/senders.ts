import pLimit from 'p-limit';
import { LeanExamSocket } from '../lean/exam-socket.ts';
import type { SeededStudent } from '../seeded/database.ts';
import type { SeededServer } from '../seeded/server.ts';
import type { Delivery } from './delivery.ts';

export const CONNECT_AT_ONCE = 64;
/** Students per address, well below the server's limit; consoles have their own address. */
const STUDENTS_AN_ADDRESS = 1000;
const FIRST_ADDRESS = 3;
/** Maximum unacknowledged signals of a student (rule S6). */
const WINDOW = 64;
/** Polling interval for due signals, ms. */
const TICK_MS = 1;

/** Pace of the signals: this many in flight to all consoles, or this many per second. */
export type Loop =
  { readonly kind: 'closed'; readonly onTheirWay: number } | { readonly kind: 'open'; readonly perSecond: number };

/** Students that send signals in turn and nothing else. */
export class Senders {
  readonly #delivery: Delivery;
  readonly #sockets: LeanExamSocket[] = [];
  readonly #sent: number[] = [];
  readonly #acked: number[] = [];
  #turn = 0;
  #loop: Loop | undefined;
  #timer: NodeJS.Timeout | undefined;
  #count = 0;
  /** Signals that were due but not sent, because a student's window was full. */
  #heldBack = 0;

  private constructor(delivery: Delivery) {
    this.#delivery = delivery;
  }

  /** @param failed receives error messages @throws Error if one gets no welcome */
  static async connect(
    server: SeededServer,
    students: readonly SeededStudent[],
    delivery: Delivery,
    failed: (reason: string) => void,
  ): Promise<Senders> {
    const senders = new Senders(delivery);
    const limit = pLimit(CONNECT_AT_ONCE);
    const open = async (student: SeededStudent, index: number): Promise<void> => {
      senders.#sent[index] = senders.#acked[index] = 0;
      const options = {
        url: server.url,
        ticket: await server.ticket(student),
        from: `127.0.0.${FIRST_ADDRESS + Math.floor(index / STUDENTS_AN_ADDRESS)}`,
      };
      senders.#sockets[index] = await LeanExamSocket.open(options, {
        analysed: () => {},
        acked: (seq) => (senders.#acked[index] = Math.max(seq, senders.#acked[index]!)),
        told: (message) => {
          if (message.type === 'error') failed(`student: error ${message.code}`);
        },
        ended: (reason) => failed(`student: ${reason}`),
      });
    };
    const settled = await Promise.allSettled(students.map((student, index) => limit(() => open(student, index))));
    const lost = settled.find((one) => one.status === 'rejected');
    if (!lost) return senders;
    senders.close();
    throw lost.reason;
  }

  /** Signals sent. */
  get count(): number {
    return this.#count;
  }

  get heldBack(): number {
    return this.#heldBack;
  }

  get unacknowledged(): number {
    return this.#sent.reduce((sum, sent, index) => sum + sent - this.#acked[index]!, 0);
  }

  begin(loop: Loop): void {
    this.rest();
    this.#loop = loop;
    if (loop.kind === 'closed') for (let n = 0; n < loop.onTheirWay; n++) this.#next();
    else this.#pace(loop.perSecond);
  }

  rest(): void {
    this.#loop = undefined;
    clearTimeout(this.#timer);
  }

  /** A signal has reached all consoles. */
  completed(): void {
    if (this.#loop?.kind === 'closed') this.#next();
  }

  close(): void {
    this.rest();
    for (const socket of this.#sockets) socket?.close();
  }

  /** Sends all signals due since the start: a late timer does not reduce the count. */
  #pace(perSecond: number): void {
    const began = performance.now();
    let done = 0;
    const tick = (): void => {
      this.#timer = setTimeout(tick, TICK_MS);
      const due = Math.floor(((performance.now() - began) * perSecond) / 1000);
      for (; done < due; done++) this.#next();
    };
    tick();
  }

  #next(): void {
    const student = this.#turn++ % this.#sockets.length;
    if (this.#sent[student]! - this.#acked[student]! >= WINDOW) {
      this.#heldBack += 1;
      return;
    }
    const number = this.#delivery.sent(student, performance.now());
    this.#sent[student] = number;
    this.#count += 1;
    this.#sockets[student]!.sendSignal(number, `{"n":${number}}`);
  }
}
