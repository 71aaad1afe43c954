import pLimit from 'p-limit';
import { type ConsoleListener, LeanConsoleSocket } from '../lean/console-socket.ts';
import { integerAt } from '../lean/message-head.ts';
import type { SeededExam, SeededStudent } from '../seeded/database.ts';
import type { SeededServer } from '../seeded/server.ts';
import type { Delivery } from './delivery.ts';
import { CONNECT_AT_ONCE } from './senders.ts';

const ADDRESS = '127.0.0.2';
/** Snapshots cover hundreds of sessions: limited concurrency. */
const SUBSCRIBE_AT_ONCE = 4;
/** Position of the number in a signal: see `Senders`. */
const NUMBER = Buffer.from('"data":{"n":');
/** Bytes before the earliest possible position. */
const SKIP = 120;

export interface ConsolesPlan {
  readonly exam: SeededExam;
  readonly students: readonly SeededStudent[];
  readonly consoles: number;
}

/** Consoles of one proctor subscribed to one whole exam. */
export class Consoles {
  readonly #exam: string;
  readonly #delivery: Delivery;
  readonly #sessions: ReadonlyMap<string, number>;
  readonly #failed: (reason: string) => void;
  readonly #sockets: LeanConsoleSocket[] = [];
  #others = 0;

  private constructor({ exam, students }: ConsolesPlan, delivery: Delivery, failed: (reason: string) => void) {
    this.#exam = exam.id;
    this.#delivery = delivery;
    this.#sessions = new Map(students.map(({ session }, index) => [session, index]));
    this.#failed = failed;
  }

  /**
   * Resolves when each has its snapshot. @param failed receives error messages @throws Error if a console cannot
   * subscribe
   */
  static async connect(
    server: SeededServer,
    plan: ConsolesPlan,
    delivery: Delivery,
    failed: (reason: string) => void,
  ): Promise<Consoles> {
    const all = new Consoles(plan, delivery, failed);
    const limit = pLimit(CONNECT_AT_ONCE);
    const open = async (index: number): Promise<void> => {
      const ticket = await server.consoleTicket(plan.exam.author);
      all.#sockets[index] = await LeanConsoleSocket.open(
        { url: server.url, ticket, from: ADDRESS },
        all.#listener(index),
      );
    };
    const settled = await Promise.allSettled(
      Array.from({ length: plan.consoles }, (_, index) => limit(() => open(index))),
    );
    try {
      for (const one of settled) if (one.status === 'rejected') throw one.reason;
      await all.subscribe(all.#sockets.map((_, index) => index));
      return all;
    } catch (error) {
      all.close();
      throw error;
    }
  }

  /** Received messages other than events. */
  get others(): number {
    return this.#others;
  }

  /** Resubscribes some of them, by number. @throws Error if a console cannot subscribe */
  async subscribe(consoles: readonly number[]): Promise<void> {
    const limit = pLimit(SUBSCRIBE_AT_ONCE);
    await Promise.all(consoles.map((console) => limit(() => this.#sockets[console]!.subscribe(this.#exam))));
    const blind = consoles.filter((console) => !this.#delivery.seesAll(console));
    if (blind.length > 0) throw new Error(`${blind.length} consoles did not receive all sessions`);
  }

  close(): void {
    for (const socket of this.#sockets) socket?.close();
  }

  #listener(console: number): ConsoleListener {
    const known = (id: string): number | undefined => {
      const session = this.#sessions.get(id);
      if (session === undefined) this.#failed('console: a message about an unknown session');
      return session;
    };
    return {
      shown: ({ id, offset }) => {
        const session = known(id);
        if (session !== undefined) this.#delivery.shown(console, session, offset);
      },
      event: (id, offset, payload) => {
        const session = known(id);
        if (session === undefined) return;
        const at = payload.indexOf(NUMBER, SKIP);
        this.#delivery.received(
          console,
          session,
          offset,
          at < 0 ? 0 : integerAt(payload, at + NUMBER.length),
          performance.now(),
        );
      },
      gap: (id) => {
        const session = known(id);
        if (session !== undefined) this.#delivery.gap(console, session);
      },
      other: () => void (this.#others += 1),
      told: (message) => {
        if (message.type === 'error') this.#failed(`console: error ${message.code}`);
      },
      ended: (reason) => this.#failed(`console: ${reason}`),
    };
  }
}
