import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { PROTOCOL, TICKET_PREFIX } from '../../protocol/version.ts';
import { FrameReader } from './frame-reader.ts';
import { closeFrame, OPCODE, pongFrame } from './frame-writer.ts';

const CONNECT_MS = 20_000;
const HEAD_END = Buffer.from('\r\n\r\n');
/** Read buffer shared by all sockets: each parses its data before the next one reads. */
const READ = Buffer.alloc(64 * 1024);

export interface SocketOptions {
  /** Origin of the server. */
  readonly url: string;
  readonly ticket: string;
  /** Local address, any of 127.0.0.0/8, to stay below limits per address. */
  readonly from?: string | undefined;
}

export interface SocketListener {
  /** A text message; its bytes are valid until this returns. */
  text(payload: Buffer): void;
  /** The connection ended, but not by this side. */
  ended(reason: string): void;
}

/**
 * Minimal WebSocket directly on the kernel's socket: some microseconds per message, so that the server is what is
 * measured.
 */
export class LeanSocket {
  #socket!: Socket;
  #closed = false;
  #why = 'the connection was cut';

  private constructor() {}

  /** Resolves when the server has accepted the upgrade. @throws Error if it does not */
  static open({ url, ticket, from }: SocketOptions, path: string, listener: SocketListener): Promise<LeanSocket> {
    const { hostname, port } = new URL(url);
    const client = new LeanSocket();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => client.fail('no response in time'), CONNECT_MS);
      let open = false;
      const end = (): void => {
        clearTimeout(timer);
        if (!open) reject(new Error(client.#why));
        else if (!client.#closed) listener.ended(client.#why);
      };
      const take = client.#taker(listener, () => {
        open = true;
        clearTimeout(timer);
        resolve(client);
      });
      const callback = (length: number): boolean => {
        take(READ.subarray(0, length));
        return true;
      };
      const socket = connect({
        host: hostname,
        port: Number(port),
        noDelay: true,
        onread: { buffer: READ, callback },
        ...(from && { localAddress: from }),
      });
      client.#socket = socket;
      socket.once('error', ({ message }) => (client.#why = message));
      socket.once('close', end);
      socket.once('connect', () => socket.write(handshake(`${hostname}:${port}`, path, ticket)));
    });
  }

  /** Bytes not yet accepted by the kernel. */
  get waiting(): number {
    return this.#socket.writableLength;
  }

  /** Bytes sent and received so far, with the handshake and the headers of messages. */
  get traffic(): { readonly up: number; readonly down: number } {
    return { up: this.#socket.bytesWritten, down: this.#socket.bytesRead };
  }

  /** Writes all parts at once. */
  write(...parts: readonly Uint8Array[]): void {
    this.#socket.cork();
    for (const part of parts) this.#socket.write(part);
    this.#socket.uncork();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.end(closeFrame());
    // Whatever the server does.
    setTimeout(() => this.#socket.destroy(), 1000).unref();
  }

  /** Closes the socket with an error message. */
  fail(why: string): void {
    this.#why = why;
    this.#socket.destroy();
  }

  #taker(listener: SocketListener, agreed: () => void): (data: Buffer) => void {
    const reader = new FrameReader((opcode, payload) => this.#message(opcode, payload, listener));
    let head = '';
    return (data) => {
      if (head === '101') return this.#take(reader, data);
      head += data.toString('latin1');
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      if (!head.startsWith('HTTP/1.1 101')) return this.fail(head.slice(0, head.indexOf('\r\n')));
      const rest = Buffer.from(head.slice(end + HEAD_END.length), 'latin1');
      head = '101';
      agreed();
      if (rest.length > 0) this.#take(reader, rest);
    };
  }

  /** Responses to messages that arrived together are sent together. */
  #take(reader: FrameReader, data: Buffer): void {
    this.#socket.cork();
    reader.take(data);
    this.#socket.uncork();
  }

  #message(opcode: number, payload: Buffer, listener: SocketListener): void {
    if (opcode === OPCODE.text) listener.text(payload);
    else if (opcode === OPCODE.ping) this.#socket.write(pongFrame(payload));
    else if (opcode === OPCODE.close) {
      const code = payload.length >= 2 ? payload.readUInt16BE(0) : 'without a code';
      this.fail(`closed ${code} ${payload.toString('utf8', 2)}`.trim());
    }
  }
}

function handshake(host: string, path: string, ticket: string): string {
  const lines = [
    `GET ${path} HTTP/1.1`,
    `Host: ${host}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    `Sec-WebSocket-Protocol: ${PROTOCOL}, ${TICKET_PREFIX}${ticket}`,
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}
