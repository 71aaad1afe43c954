import { connect, type Socket } from 'node:net';

const HEAD_END = Buffer.from('\r\n\r\n');

/**
 * A keep-alive connection, one request at a time. It reads of an answer what a load needs, the status and where it
 * ends, so that the processor is left to the server: it understands `Content-Length`, as both systems answer.
 */
export class Connection {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #waiting: { resolve: (status: number) => void; reject: (error: Error) => void } | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
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

  /** @returns the status of the answer; rejects when the connection ends instead */
  request(bytes: Uint8Array): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(bytes);
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
    this.#received = this.#received.subarray(whole);
    const { resolve } = this.#waiting ?? {};
    this.#waiting = undefined;
    resolve?.(Number(head.slice(9, 12)));
  }

  #fail(error: Error): void {
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }
}

/** Bytes of a request without a body. @param target path and query */
export function requestBytes(method: string, target: string, token?: string): Buffer {
  const lines = [`${method} ${target} HTTP/1.1`, 'Host: localhost', 'Accept: application/json', ...(token ? [`Authorization: Bearer ${token}`] : []), ...(method === 'POST' ? ['Content-Length: 0'] : [])];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}
