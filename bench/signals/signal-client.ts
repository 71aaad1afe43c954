import WebSocket from 'ws';
import { PROTOCOL, TICKET_PREFIX } from '../../protocol/version.ts';
import type { Api } from '../simulator/api.ts';

/** One exam socket that always has as many signals on their way as the window allows: closed loop, no manners of the SDK. */
export class SignalClient {
  readonly #socket: WebSocket;
  readonly #window: number;
  /** When each signal on its way was sent, by its number modulo the window; ms of `performance.now`. */
  readonly #sentAt: Float64Array;
  #next = 1;
  #acked = 0;
  #running = false;
  /** From send to acknowledgement, ms; of those acknowledged since it was last taken. */
  #latencies: number[] = [];
  /** Anything that is not as it should be. */
  error: string | undefined;

  private constructor(socket: WebSocket, window: number) {
    this.#socket = socket;
    this.#window = window;
    this.#sentAt = new Float64Array(window);
  }

  /** Resolves when it is greeted. @param window signals on their way, 1..64 */
  static async connect(server: string, student: Api, session: string, window: number): Promise<SignalClient> {
    const { ticket, url } = await student.ticket(session);
    const socket = new WebSocket(server.replace('http', 'ws') + url, [PROTOCOL, TICKET_PREFIX + ticket], { perMessageDeflate: false });
    const client = new SignalClient(socket, window);
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.once('open', () => socket.send('{"type":"hello"}'));
      socket.on('message', (data: Buffer) => {
        const message = JSON.parse(data.toString('utf8')) as { type: string; seq: number; code?: string };
        if (message.type === 'ack') client.#ack(message.seq);
        else if (message.type === 'welcome') resolve();
        else if (message.type === 'error') client.error = message.code ?? 'error';
      });
    });
    socket.on('close', (code) => {
      if (client.#running) client.error = `closed ${code}`;
    });
    return client;
  }

  get acked(): number {
    return this.#acked;
  }

  start(): void {
    this.#running = true;
    this.#fill();
  }

  /** Resolves when nothing is on its way, or after the time, ms. */
  async stop(timeoutMs = 10_000): Promise<void> {
    this.#running = false;
    const until = performance.now() + timeoutMs;
    while (this.#acked < this.#next - 1 && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 5));
    if (this.#acked < this.#next - 1) this.error ??= `${this.#next - 1 - this.#acked} signals were not acknowledged`;
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
    this.#acked = seq;
    if (this.#running) this.#fill();
  }

  #fill(): void {
    while (this.#next <= this.#acked + this.#window) {
      this.#sentAt[this.#next % this.#window] = performance.now();
      this.#socket.send(`{"type":"signal","seq":${this.#next},"signal":"TAB_SWITCH","at":"${new Date().toISOString()}","data":{"hidden":true}}`);
      this.#next += 1;
    }
  }
}
