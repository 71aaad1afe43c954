import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import type { ExamDown } from '../../protocol/down.ts';
import { PROTOCOL, TICKET_PREFIX } from '../../protocol/version.ts';
import { FrameReader } from './frame-reader.ts';
import { closeFrame, OPCODE, pictureHead, pongFrame, textFrame } from './frame-writer.ts';

const CONNECT_MS = 20_000;
const HEAD_END = Buffer.from('\r\n\r\n');
/** How nearly every message begins: read without a JSON parser. */
const ANALYSIS = Buffer.from('{"type":"analysis","frame":');

export interface ExamSocketOptions {
  readonly url: string;
  readonly ticket: string;
  /** Own address on this machine, when limits of one address would be met; any of 127.0.0.0/8. */
  readonly from?: string | undefined;
}

export interface ExamListener {
  analysed(frame: number): void;
  /** Everything else but the greeting. */
  told(message: ExamDown): void;
  /** It ended though nobody here closed it. */
  ended(reason: string): void;
}

/** An exam socket with nothing between it and the kernel but this file: some microseconds a message, so that the server is what is measured. */
export class LeanExamSocket {
  readonly #socket: Socket;
  readonly #listener: ExamListener;
  #seq = 0;
  #closed = false;
  #why = 'the connection was cut';

  private constructor(socket: Socket, listener: ExamListener) {
    this.#socket = socket;
    this.#listener = listener;
  }

  /** Resolves with the greeting. @throws Error in words when there is none */
  static open(options: ExamSocketOptions, listener: ExamListener): Promise<LeanExamSocket> {
    const { hostname, port } = new URL(options.url);
    const socket = connect({ host: hostname, port: Number(port), noDelay: true, ...(options.from && { localAddress: options.from }) });
    const client = new LeanExamSocket(socket, listener);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => client.#fail('no greeting in time'), CONNECT_MS);
      let greeted = false;
      const end = (): void => {
        clearTimeout(timer);
        if (!greeted) reject(new Error(client.#why));
        else if (!client.#closed) listener.ended(client.#why);
      };
      socket.once('error', ({ message }) => (client.#why = message));
      socket.once('close', end);
      socket.once('connect', () => socket.write(handshake(hostname, port, options.ticket)));
      client.#listen(() => {
        greeted = true;
        clearTimeout(timer);
        resolve(client);
      });
    });
  }

  /** Bytes that the kernel has not taken yet. */
  get waiting(): number {
    return this.#socket.writableLength;
  }

  /** @returns the frame's number */
  sendFrame(jpeg: Uint8Array): number {
    const seq = ++this.#seq;
    this.#socket.cork();
    this.#socket.write(pictureHead(seq, Date.now(), jpeg.byteLength));
    this.#socket.write(jpeg);
    this.#socket.uncork();
    return seq;
  }

  /** @param seq from 1, rising by one */
  sendSignal(seq: number): void {
    this.#socket.write(textFrame(`{"type":"signal","seq":${seq},"signal":"TAB_SWITCH","at":"${new Date().toISOString()}","data":{"hidden":true}}`));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.end(closeFrame());
    // Whatever the server does.
    setTimeout(() => this.#socket.destroy(), 1000).unref();
  }

  #listen(welcome: () => void): void {
    const reader = new FrameReader((opcode, payload) => this.#message(opcode, payload, welcome));
    let head = '';
    this.#socket.on('data', (data) => {
      if (head === '101') return reader.take(data);
      head += data.toString('latin1');
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      if (!head.startsWith('HTTP/1.1 101')) return this.#fail(head.slice(0, head.indexOf('\r\n')));
      const rest = Buffer.from(head.slice(end + HEAD_END.length), 'latin1');
      head = '101';
      this.#socket.write(textFrame('{"type":"hello"}'));
      if (rest.length > 0) reader.take(rest);
    });
  }

  #message(opcode: number, payload: Buffer, welcome: () => void): void {
    if (opcode === OPCODE.ping) return void this.#socket.write(pongFrame(payload));
    if (opcode === OPCODE.close) {
      const code = payload.length >= 2 ? payload.readUInt16BE(0) : 'without a code';
      return this.#fail(`closed ${code} ${payload.toString('utf8', 2)}`.trim());
    }
    if (opcode !== OPCODE.text) return;
    if (payload.subarray(0, ANALYSIS.length).equals(ANALYSIS)) return this.#listener.analysed(Number.parseInt(payload.toString('latin1', ANALYSIS.length, ANALYSIS.length + 10), 10));
    const message = JSON.parse(payload.toString('utf8')) as ExamDown;
    if (message.type === 'welcome') welcome();
    this.#listener.told(message);
  }

  #fail(why: string): void {
    this.#why = why;
    this.#socket.destroy();
  }
}

function handshake(host: string, port: string, ticket: string): string {
  const lines = [
    'GET /ws/exam HTTP/1.1', `Host: ${host}:${port}`, 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`, `Sec-WebSocket-Protocol: ${PROTOCOL}, ${TICKET_PREFIX}${ticket}`,
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}
