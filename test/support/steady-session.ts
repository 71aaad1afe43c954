import WebSocket from 'ws';
import { encodeFrame } from '../../protocol/frame.ts';
import { PROTOCOL, TICKET_PREFIX } from '../../protocol/version.ts';
import type { Api } from './api.ts';
import { signal } from './attempt.ts';
import { waitFor } from './server.ts';

type Message = { type: string; [field: string]: unknown };

/** A well-behaved session: signals at a steady pace, an occasional picture, and the latency of each acknowledgement. */
export class SteadySession {
  readonly #socket: WebSocket;
  readonly #sentAt: number[] = [];
  #timers: NodeJS.Timeout[] = [];
  #frame = 0;
  /** Latencies of acknowledged signals, ms. */
  readonly latencies: number[] = [];
  readonly errors: unknown[] = [];
  acked = 0;
  analyses = 0;
  closeCode: number | undefined;
  #greeted = false;

  constructor(url: string, ticket: string) {
    this.#socket = new WebSocket(`${url.replace('http', 'ws')}/ws/exam`, [PROTOCOL, TICKET_PREFIX + ticket]);
    this.#socket.on('open', () => this.#socket.send('{"type":"hello"}'));
    this.#socket.on('message', (data: Buffer) => this.#take(JSON.parse(data.toString()) as Message));
    this.#socket.on('close', (code) => (this.closeCode = code));
    this.#socket.on('error', () => {});
  }

  static async open(student: Api, sessionId: string): Promise<SteadySession> {
    const session = new SteadySession(student.url, (await student.examTicket(sessionId)).ticket);
    await waitFor('welcome', () => session.#greeted);
    return session;
  }

  get sent(): number {
    return this.#sentAt.length;
  }

  start(signalMs: number, picture?: { readonly jpeg: Uint8Array; readonly everyMs: number }): void {
    this.#timers.push(setInterval(() => this.#signal(), signalMs));
    if (picture)
      this.#timers.push(
        setInterval(
          () => this.#socket.send(encodeFrame({ seq: ++this.#frame, capturedAt: Date.now() }, picture.jpeg)),
          picture.everyMs,
        ),
      );
  }

  /** Stops sending and waits until everything sent is acknowledged. */
  async settle(timeoutMs = 120_000): Promise<void> {
    this.stop();
    await waitFor(`all ${this.sent} signals acknowledged`, () => this.acked === this.sent, timeoutMs);
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
  }

  close(): void {
    this.stop();
    this.#socket.terminate();
  }

  #signal(): void {
    // The window is 64: beyond it the server rightly closes the socket.
    if (this.sent - this.acked >= 60 || this.#socket.readyState !== WebSocket.OPEN) return;
    this.#sentAt.push(performance.now());
    this.#socket.send(JSON.stringify(signal(this.sent, 'FOCUS_LOST')));
  }

  #take(message: Message): void {
    if (message.type === 'welcome') this.#greeted = true;
    else if (message.type === 'analysis') this.analyses += 1;
    else if (message.type === 'error') this.errors.push(message['code']);
    else if (message.type === 'ack') {
      const now = performance.now();
      const seq = message['seq'] as number;
      for (; this.acked < seq; this.acked++) this.latencies.push(now - this.#sentAt[this.acked]!);
    }
  }
}
