import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import type { Ticket } from '../../protocol/http/sessions.ts';
import { Changes } from './changes.ts';
import { closePayload, frame, type FrameParts, OP, readFrame, type ReceivedFrame } from './frames.ts';

export interface Handshake {
  readonly method?: string;
  readonly version?: string;
  /** Replace the headers of a valid handshake; undefined omits one. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

type Message = { type: string; [field: string]: unknown };

/** Hand-written WebSocket client over a TCP connection: sends any bytes and records every frame received. */
export class BareSocket {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #upgraded = false;
  readonly #changes = new Changes();
  /** Status of the handshake response; undefined until it arrives. */
  status: number | undefined;
  headers: Readonly<Record<string, string>> = {};
  readonly frames: ReceivedFrame[] = [];
  /** True once the server has ended the connection. */
  ended = false;

  constructor(
    url: string,
    ticket: Pick<Ticket, 'ticket' | 'url'>,
    { method = 'GET', version = 'HTTP/1.1', headers = {} }: Handshake = {},
  ) {
    const { hostname, port, host } = new URL(url);
    const all: Record<string, string | undefined> = {
      Host: host,
      Upgrade: 'websocket',
      Connection: 'Upgrade',
      'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Protocol': `invigil.v1, ticket.${ticket.ticket}`,
      ...headers,
    };
    const lines = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
    this.#socket = connect(Number(port), hostname);
    this.#socket.setNoDelay(true);
    this.#socket.on('data', (data) => this.#take(data));
    this.#socket.on('error', () => {});
    for (const end of ['end', 'close'] as const) {
      this.#socket.on(end, () => {
        this.ended = true;
        this.#changes.notify();
      });
    }
    this.sendBytes(`${method} ${ticket.url} ${version}\r\n${lines.join('\r\n')}\r\n\r\n`);
  }

  get messages(): Message[] {
    return this.frames
      .filter(({ opcode }) => opcode === OP.text)
      .map(({ payload }) => JSON.parse(payload.toString()) as Message);
  }

  /** Code and reason of the close frame received: -1 for a frame without a code; undefined without a frame. */
  get closed(): { readonly code: number; readonly reason: string } | undefined {
    const payload = this.frames.find(({ opcode }) => opcode === OP.close)?.payload;
    return (
      payload && { code: payload.length < 2 ? -1 : payload.readUInt16BE(0), reason: payload.subarray(2).toString() }
    );
  }

  sendBytes(bytes: Uint8Array | string): void {
    if (!this.#socket.writableEnded) this.#socket.write(bytes);
  }

  send(...frames: FrameParts[]): void {
    this.sendBytes(Buffer.concat(frames.map(frame)));
  }

  sendClose(code: number, reason: Uint8Array | string = ''): void {
    this.send({ opcode: OP.close, payload: closePayload(code, reason) });
  }

  /** Stops reading, so that the server's output is buffered on its side. */
  stopReading(): void {
    this.#socket.pause();
  }

  readAgain(): void {
    this.#socket.resume();
  }

  until(what: string, isSo: () => boolean, timeoutMs = 120_000): Promise<void> {
    return this.#changes.until(
      what,
      isSo,
      () => `status ${this.status}, frames ${this.frames.map(({ opcode }) => opcode).join(' ')}, ended ${this.ended}`,
      timeoutMs,
    );
  }

  answered(): Promise<void> {
    return this.until('a response to the handshake', () => this.status !== undefined);
  }

  async message(type: string): Promise<Message> {
    await this.until(type, () => this.messages.some((message) => message.type === type));
    return this.messages.find((message) => message.type === type)!;
  }

  /** Closes with a FIN, or with an RST if data is unread. */
  destroy(): void {
    this.#socket.destroy();
  }

  /** Closes with an RST. */
  reset(): void {
    this.#socket.resetAndDestroy();
  }

  #take(data: Buffer): void {
    this.#received = Buffer.concat([this.#received, data]);
    if (!this.#upgraded) this.#head();
    for (let read = this.#upgraded ? readFrame(this.#received) : undefined; read; read = readFrame(this.#received)) {
      this.frames.push(read.frame);
      this.#received = this.#received.subarray(read.size);
    }
    this.#changes.notify();
  }

  #head(): void {
    const end = this.#received.indexOf('\r\n\r\n');
    if (end < 0) return;
    const [first = '', ...lines] = this.#received.subarray(0, end).toString('latin1').split('\r\n');
    this.headers = Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
    );
    this.status = Number(first.split(' ')[1]);
    this.#upgraded = this.status === 101;
    this.#received = this.#received.subarray(end + 4);
  }
}
