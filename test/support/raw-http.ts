import { connect, type Socket } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Keep-alive connection that sends any bytes and parses the responses. */
export class RawHttp {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #closed = false;
  readonly #changed = new Set<() => void>();

  /** @param localAddress one of this machine's loopback addresses */
  constructor(url: string, localAddress = '127.0.0.1') {
    const { hostname, port } = new URL(url);
    this.#socket = connect({ port: Number(port), host: hostname, localAddress });
    this.#socket.on('data', (data) => {
      this.#received = Buffer.concat([this.#received, data]);
      this.#notify();
    });
    // Writing to a connection closed by the server emits an error.
    this.#socket.on('error', () => {});
    this.#socket.on('close', () => {
      this.#closed = true;
      this.#notify();
    });
  }

  get closed(): boolean {
    return this.#closed;
  }

  send(bytes: string | Uint8Array): void {
    if (!this.#closed) this.#socket.write(bytes);
  }

  /**
   * Next response; undefined if the connection ends before it is complete, or after the timeout.
   * @param method of the request: responses to HEAD have no body
   */
  async answer(method = 'GET', patienceMs = 30_000): Promise<RawAnswer | undefined> {
    const until = Date.now() + patienceMs;
    for (;;) {
      const answer = this.#take(method);
      if (answer) return answer;
      if (this.#closed || Date.now() >= until) return undefined;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, until - Date.now());
        this.#changed.add(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #take(method: string): RawAnswer | undefined {
    const end = this.#received.indexOf('\r\n\r\n');
    if (end < 0) return undefined;
    const [first = '', ...lines] = this.#received.subarray(0, end).toString('latin1').split('\r\n');
    const headers = Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
    );
    const status = Number(first.split(' ')[1]);
    const length = method === 'HEAD' || status === 204 || status === 304 ? 0 : Number(headers['content-length'] ?? 0);
    const whole = end + 4 + length;
    if (this.#received.length < whole) return undefined;
    const text = this.#received.subarray(end + 4, whole).toString('utf8');
    this.#received = this.#received.subarray(whole);
    return { status, headers, text };
  }

  #notify(): void {
    const waiting = [...this.#changed];
    this.#changed.clear();
    for (const wake of waiting) wake();
  }
}
