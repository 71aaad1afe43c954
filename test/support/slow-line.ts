import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Bytes that the relay takes from the kernel ahead of its pace, per connection. Node has no option for SO_RCVBUF. */
const READ_AHEAD = 4 * 1024;
const TICK_MS = 10;

/**
 * A way to a server whose uplink is slow: all connections together are read at a set rate, so that unread bytes wait in
 * the buffers of the kernel, where no sender sees them. The downlink is not limited.
 */
export class SlowLine {
  /** Bytes per second from the client; 0 stops the uplink. */
  rate: number;
  readonly #server: Server;
  readonly #pairs = new Map<Socket, Socket>();
  readonly #timer: NodeJS.Timeout;
  #allowance = 0;
  #at = performance.now();
  /** Bytes passed on. */
  passed = 0;
  /** Connections accepted. */
  accepted = 0;

  private constructor(server: Server, port: number, rate: number) {
    this.rate = rate;
    this.#server = server;
    server.on('connection', (near) => this.#join(near, port));
    this.#timer = setInterval(() => this.#pass(), TICK_MS);
  }

  /** @param target URL on this machine @param rate bytes per second */
  static async start(target: string, rate: number): Promise<SlowLine> {
    const server = createServer({ highWaterMark: READ_AHEAD, noDelay: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new SlowLine(server, Number(new URL(target).port), rate);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    for (const [near, far] of this.#pairs) {
      near.destroy();
      far.destroy();
    }
    await new Promise((done) => this.#server.close(done));
  }

  #join(near: Socket, port: number): void {
    this.accepted++;
    const far = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#pairs.set(near, far);
    // Paused mode: bytes are read by `#pass` only.
    near.on('readable', () => {});
    far.pipe(near);
    for (const socket of [near, far]) {
      socket.on('error', () => {});
      socket.on('close', () => {
        this.#pairs.delete(near);
        near.destroy();
        far.destroy();
      });
    }
  }

  /** Hands on what the rate allows; connections take turns. */
  #pass(): void {
    const now = performance.now();
    const limit = Math.max(READ_AHEAD, (this.rate * TICK_MS * 2) / 1000);
    this.#allowance = Math.min(limit, this.#allowance + (this.rate * (now - this.#at)) / 1000);
    this.#at = now;
    for (const [near, far] of this.#pairs) {
      const size = Math.min(near.readableLength, Math.floor(this.#allowance));
      const bytes = size > 0 ? (near.read(size) as Buffer | null) : null;
      if (!bytes) continue;
      this.#allowance -= bytes.length;
      this.passed += bytes.length;
      far.write(bytes);
      // The one that was served is last next time.
      this.#pairs.delete(near);
      this.#pairs.set(near, far);
    }
  }
}
