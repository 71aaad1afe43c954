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
  /** Both ends of connections that pass nothing any more. */
  readonly #dead: Socket[] = [];
  readonly #timer: NodeJS.Timeout;
  #allowance = 0;
  #at = performance.now();

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

  /** The connection that has sent the most passes nothing any more, and neither end is told. */
  abandonBusiest(): void {
    const [busiest] = [...this.#pairs].toSorted(([a], [b]) => b.bytesRead - a.bytesRead);
    if (!busiest) return;
    const [near, far] = busiest;
    this.#pairs.delete(near);
    far.unpipe(near);
    this.#dead.push(near, far);
  }

  /** No connection passes anything any more, and no end is told. New ones work. */
  abandonAll(): void {
    while (this.#pairs.size > 0) this.abandonBusiest();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    for (const socket of [...this.#dead, ...[...this.#pairs].flat()]) socket.destroy();
    await new Promise((done) => this.#server.close(done));
  }

  #join(near: Socket, port: number): void {
    const far = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#pairs.set(near, far);
    // Paused mode: bytes are read by `#pass` only.
    near.on('readable', () => {});
    far.pipe(near);
    for (const socket of [near, far]) {
      socket.on('error', () => {});
      socket.on('close', () => {
        if (!this.#pairs.delete(near)) return;
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
      far.write(bytes);
      // The one that was served is last next time.
      this.#pairs.delete(near);
      this.#pairs.set(near, far);
    }
  }
}
