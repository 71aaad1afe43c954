import { LeanCrowd } from '../lean/crowd.ts';
import { pause } from '../lean/stretch.ts';
import { Api } from '../../simulator/api.ts';
import type { SeededStudent } from '../seeded/database.ts';
import type { SeededServer } from '../seeded/server.ts';

/** Load of honest clients: each sends a signal at intervals, some send pictures. */
const SIGNAL_EVERY_MS = 1000;
const STREAMING = 2;
const FPS = 1;
/** Maximum wait for outstanding acknowledgements at the end, ms. */
const SETTLE_MS = 15_000;

/** Students taking their exam while others attack the server. */
export class HonestStudents {
  readonly #crowd = new LeanCrowd();
  readonly #students: readonly SeededStudent[];
  #acked = 0;

  constructor(students: readonly SeededStudent[]) {
    this.#students = students;
  }

  async begin(server: SeededServer, jpegs: readonly Uint8Array[]): Promise<void> {
    await this.#crowd.connect(server, this.#students, [jpegs]);
    this.#crowd.begin({ kind: 'open', fps: FPS }, STREAMING);
    for (const [index, student] of this.#crowd.students.entries())
      student.signalEvery(SIGNAL_EVERY_MS, (index / this.#students.length) * SIGNAL_EVERY_MS);
  }

  /** Latencies from send to acknowledgement since the last call, ms. */
  take(): number[] {
    const latencies = this.#crowd.counts.flatMap(({ ackLatencies }) => ackLatencies);
    this.#acked += latencies.length;
    this.#crowd.recount();
    return latencies;
  }

  /** Connections that ended, and errors received from the server. */
  get failures(): number {
    return [...this.#crowd.failures.values()].reduce((sum, count) => sum + count, 0);
  }

  get errors(): readonly string[] {
    return this.#crowd.errors;
  }

  /** Stops sending. @returns number of sent but unacknowledged signals */
  async settle(): Promise<number> {
    this.#crowd.rest();
    for (const student of this.#crowd.students) student.signalEvery(0);
    const onTheirWay = () => this.#crowd.students.reduce((sum, { signalsOnTheirWay }) => sum + signalsOnTheirWay, 0);
    for (const until = performance.now() + SETTLE_MS; onTheirWay() > 0 && performance.now() < until;) await pause(20);
    this.take();
    return onTheirWay();
  }

  /** @returns number of acknowledged signals that are not stored */
  async missing(url: string, proctor: string): Promise<number> {
    const api = new Api(url, proctor);
    let stored = 0;
    for (const { session } of this.#students)
      stored += (await api.events(session)).filter(({ type }) => type === 'TAB_SWITCH').length;
    return Math.max(0, this.#acked - stored);
  }

  close(): void {
    this.#crowd.close();
  }
}
