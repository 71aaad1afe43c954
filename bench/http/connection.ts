import { connect, type Socket } from 'node:net';

const HEAD_END = Buffer.from('\r\n\r\n');
/** Timeout for a server that hangs. */
const SILENT_MS = 30_000;

interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

/**
 * Keep-alive connection, one request at a time. Parses only the status and the end of a response, to leave the CPU to
 * the server: supports `Content-Length`, which both systems send.
 */
export class Connection {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.setTimeout(SILENT_MS, () => {
      if (this.#waiting) socket.destroy(new Error('no response in time'));
    });
    socket.on('data', (data) => {
      this.#received = this.#received.length === 0 ? data : Buffer.concat([this.#received, data]);
      this.#take();
    });
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('the connection was closed')));
  }

  static open(url: string): Promise<Connection> {
    const { hostname, port } = new URL(url);
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => resolve(new Connection(socket)));
      socket.once('error', reject);
    });
  }

  /** @returns the status of the response; rejects if the connection ends or no response arrives */
  async request(...parts: readonly (Uint8Array | string)[]): Promise<number> {
    return (await this.#send(parts)).status;
  }

  /** @returns the body of the response */
  async text(...parts: readonly (Uint8Array | string)[]): Promise<string> {
    return (await this.#send(parts)).body.toString('utf8');
  }

  #send(parts: readonly (Uint8Array | string)[]): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.cork();
      for (const part of parts) this.#socket.write(part);
      this.#socket.uncork();
    });
  }

  close(): void {
    this.#waiting = undefined;
    this.#socket.destroy();
  }

  #take(): void {
    const end = this.#received.indexOf(HEAD_END);
    if (end < 0) return;
    const head = this.#received.toString('latin1', 0, end);
    const whole = end + HEAD_END.length + Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
    if (this.#received.length < whole) return;
    const body = this.#received.subarray(end + HEAD_END.length, whole);
    this.#received = this.#received.subarray(whole);
    const { resolve } = this.#waiting ?? {};
    this.#waiting = undefined;
    resolve?.({ status: Number(head.slice(9, 12)), body });
  }

  #fail(error: Error): void {
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }
}

/** Bytes of a request without a body. @param target path and query */
export function requestBytes(method: string, target: string, token?: string): Buffer {
  const lines = [
    `${method} ${target} HTTP/1.1`,
    'Host: localhost',
    'Accept: application/json',
    ...(token ? [`Authorization: Bearer ${token}`] : []),
    ...(method === 'POST' ? ['Content-Length: 0'] : []),
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}
