import { setTimeout as sleep } from 'node:timers/promises';
import { LeanExamSocket } from '../lean/exam-socket.ts';
import { pause } from '../lean/stretch.ts';
import type { SeededStudent } from '../seeded/database.ts';
import type { SeededServer } from '../seeded/server.ts';

/** The last message is acknowledged by then, ms. */
const ACK_MS = 30_000;

/** Students of the exam who write to its staff. */
export class Asking {
  readonly #sockets: LeanExamSocket[] = [];
  readonly #sent: number[] = [];
  readonly #acked: number[] = [];

  /** @param failed receives error messages @throws Error if one gets no welcome */
  static async connect(
    server: SeededServer,
    students: readonly SeededStudent[],
    failed: (reason: string) => void,
  ): Promise<Asking> {
    const asking = new Asking();
    for (const [index, student] of students.entries()) {
      asking.#sent[index] = asking.#acked[index] = 0;
      asking.#sockets[index] = await LeanExamSocket.open(
        { url: server.url, ticket: await server.ticket(student), from: '127.0.0.4' },
        {
          analysed: () => {},
          acked: (seq) => (asking.#acked[index] = Math.max(seq, asking.#acked[index]!)),
          told: (message) => {
            if (message.type === 'error') failed(`student: error ${message.code}`);
          },
          ended: (reason) => failed(`student: ${reason}`),
        },
      );
    }
    return asking;
  }

  /** Messages that were sent and not acknowledged. */
  get unacknowledged(): number {
    return this.#sent.reduce((sum, sent, index) => sum + sent - this.#acked[index]!, 0);
  }

  /** Everybody writes at this interval, one after another, until time is up. @returns messages acknowledged */
  async askFor(secs: number, everyMs: number): Promise<number> {
    const until = performance.now() + secs * 1000;
    await Promise.all(
      this.#sockets.map(async (socket, index) => {
        await sleep((everyMs * index) / this.#sockets.length);
        while (performance.now() < until) {
          socket.sendSignal(++this.#sent[index]!, '{"text":"A question of the benchmark"}', 'STUDENT_MESSAGE');
          await pause(Math.min(everyMs, Math.max(0, until - performance.now())));
        }
      }),
    );
    const late = performance.now() + ACK_MS;
    while (this.unacknowledged > 0 && performance.now() < late) await pause(20);
    return this.#acked.reduce((sum, acked) => sum + acked, 0);
  }

  close(): void {
    for (const socket of this.#sockets) socket?.close();
  }
}
