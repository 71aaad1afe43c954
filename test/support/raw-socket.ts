import WebSocket from 'ws';
import { encodeFrame } from '../../protocol/frame.ts';
import type { Ticket } from '../../protocol/http/sessions.ts';
import { PROTOCOL, TICKET_PREFIX } from '../../protocol/version.ts';
import { Changes } from './changes.ts';

type Message = { type: string; [field: string]: unknown };

/** Socket without the SDK's restraint. Received messages are queued, so that nothing is lost between awaits. */
export class RawSocket {
  readonly #socket: WebSocket;
  readonly messages: Message[] = [];
  /** Arrival time of each message, ms of `performance.now`. */
  readonly arrivals: number[] = [];
  readonly binary: Uint8Array[] = [];
  closeCode: number | undefined;
  /** HTTP status and problem code of a refused upgrade. */
  refusal: { status: number; code: string } | undefined;
  #taken = 0;
  readonly #changes = new Changes();

  constructor(
    url: string,
    ticket: Pick<Ticket, 'ticket' | 'url'>,
    options: { origin?: string; localAddress?: string } = {},
  ) {
    this.#socket = new WebSocket(
      url.replace('http', 'ws') + ticket.url,
      [PROTOCOL, TICKET_PREFIX + ticket.ticket],
      options,
    );
    this.#socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) this.binary.push(new Uint8Array(data));
      else {
        this.arrivals.push(performance.now());
        this.messages.push(JSON.parse(data.toString()) as Message);
      }
      this.#changes.notify();
    });
    this.#socket.on('unexpected-response', (_request, response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => {
        this.refusal = { status: response.statusCode ?? 0, code: String((JSON.parse(text) as Message)['code']) };
        this.#changes.notify();
      });
    });
    this.#socket.on('open', () => this.#changes.notify());
    this.#socket.on('close', (code) => {
      this.closeCode = code;
      this.#changes.notify();
    });
    this.#socket.on('error', () => {});
  }

  get protocol(): string {
    return this.#socket.protocol;
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  opened(): Promise<void> {
    return this.until('open', () => this.isOpen);
  }

  closed(): Promise<number> {
    return this.until('close', () => this.closeCode !== undefined).then(() => this.closeCode ?? 0);
  }

  refused(): Promise<{ status: number; code: string }> {
    return this.until('refusal', () => this.refusal !== undefined).then(() => this.refusal!);
  }

  send(message: unknown): void {
    this.#socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  sendBytes(bytes: Uint8Array): void {
    this.#socket.send(bytes);
  }

  sendFrame(seq: number, jpeg: Uint8Array): void {
    this.sendBytes(encodeFrame({ seq, capturedAt: Date.now() }, jpeg));
  }

  /** Next message of this type that has not been taken yet. */
  async next(type: string, timeoutMs = 120_000): Promise<Message> {
    const find = () => this.messages.findIndex((message, index) => index >= this.#taken && message.type === type);
    await this.until(type, () => find() >= 0, timeoutMs);
    const index = find();
    this.#taken = index + 1;
    return this.messages[index]!;
  }

  of(type: string): Message[] {
    return this.messages.filter((message) => message.type === type);
  }

  until(what: string, isSo: () => boolean, timeoutMs = 120_000): Promise<void> {
    return this.#changes.until(
      what,
      isSo,
      () => `got ${this.messages.map((m) => m.type).join(' ')}; closed ${this.closeCode}`,
      timeoutMs,
    );
  }

  /** A sign of life of a client that reads nothing. */
  pong(): void {
    this.#socket.pong();
  }

  /** Stops reading until `resume`. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(): void {
    this.#socket.close();
  }

  terminate(): void {
    this.#socket.terminate();
  }
}

/** An exam socket past its `welcome`. */
export async function greet(url: string, ticket: Ticket, hello: object = {}): Promise<RawSocket> {
  const socket = new RawSocket(url, ticket);
  await socket.opened();
  socket.send({ type: 'hello', ...hello });
  await socket.next('welcome');
  return socket;
}
