import { LeanExamSocket } from '../lean/exam-socket.ts';
import type { SocketOptions } from '../lean/web-socket.ts';

/** One exam socket with a permanently full window of signals: closed loop, without the SDK's restraint. */
export class SignalClient {
  readonly #window: number;
  readonly #failed: (reason: string) => void;
  #socket!: LeanExamSocket;
  /** Send time of each signal in flight, by its number modulo the window; ms of `performance.now`. */
  readonly #sentAt: Float64Array;
  #next = 1;
  #acked = 0;
  #running = false;
  /** From send to acknowledgement since last taken, ms. */
  #latencies: number[] = [];

  private constructor(window: number, failed: (reason: string) => void) {
    this.#window = window;
    this.#failed = failed;
    this.#sentAt = new Float64Array(window);
  }

  /**
   * @param window signals in flight, 1..64 @param failed receives error messages @throws Error if it gets no welcome
   */
  static async connect(
    options: SocketOptions,
    window: number,
    failed: (reason: string) => void,
  ): Promise<SignalClient> {
    const client = new SignalClient(window, failed);
    client.#socket = await LeanExamSocket.open(options, {
      analysed: () => {},
      acked: (seq) => client.#ack(seq),
      told: (message) => {
        if (message.type === 'error') failed(`error ${message.code}`);
      },
      ended: failed,
    });
    return client;
  }

  get acked(): number {
    return this.#acked;
  }

  get onTheirWay(): number {
    return this.#next - 1 - this.#acked;
  }

  start(): void {
    this.#running = true;
    this.#fill();
  }

  /** Resolves when nothing is in flight, or after the timeout, ms. */
  async stop(timeoutMs = 10_000): Promise<void> {
    this.#running = false;
    const until = performance.now() + timeoutMs;
    while (this.onTheirWay > 0 && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 5));
    if (this.onTheirWay > 0) this.#failed(`${this.onTheirWay} signals were not acknowledged`);
  }

  takeLatencies(): number[] {
    const taken = this.#latencies;
    this.#latencies = [];
    return taken;
  }

  close(): void {
    this.#running = false;
    this.#socket.close();
  }

  #ack(seq: number): void {
    const now = performance.now();
    for (let n = this.#acked + 1; n <= seq; n++) this.#latencies.push(now - this.#sentAt[n % this.#window]!);
    this.#acked = Math.max(seq, this.#acked);
    if (this.#running) this.#fill();
  }

  #fill(): void {
    while (this.#next <= this.#acked + this.#window) {
      this.#sentAt[this.#next % this.#window] = performance.now();
      this.#socket.sendSignal(this.#next);
      this.#next += 1;
    }
  }
}
