import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/**
 * - `break` resets both ends at once
 * - `middle` forwards half of the client's next bytes, then resets both ends: the server has half a message
 * - `answer` forwards half of the server's next bytes, then resets both ends: the client has half a message
 * - `stall` forwards nothing for a while in either direction, then resets both ends
 */
export type Cut = 'break' | 'middle' | 'answer' | 'stall';
export const CUTS: readonly Cut[] = ['break', 'middle', 'answer', 'stall'];

const STALL_MS = 200;

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
  /** Socket whose next bytes are halved before the reset. */
  halve: Socket | undefined;
}

/** Proxy to a server whose connections can be cut at any point, also between two bytes of a message. */
export class BreakableProxy {
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  readonly #port: number;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.#port = port;
    server.on('connection', (near) => this.#join(near));
  }

  /** @param target URL on this machine; nothing needs to listen there yet */
  static async start(target: string): Promise<BreakableProxy> {
    const server = createServer({ noDelay: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new BreakableProxy(server, Number(new URL(target).port));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Number of open connections. */
  get size(): number {
    return this.#pairs.size;
  }

  /** Cuts one connection; `random` 0..1 selects which. @returns false if there is none */
  cut(how: Cut, random: number): boolean {
    const pair = [...this.#pairs][Math.floor(random * this.#pairs.size)];
    if (!pair) return false;
    if (how === 'break') this.#end(pair);
    else if (how === 'middle') pair.halve = pair.near;
    else if (how === 'answer') pair.halve = pair.far;
    else {
      pair.near.pause();
      pair.far.pause();
      setTimeout(() => this.#end(pair), STALL_MS);
    }
    return true;
  }

  async close(): Promise<void> {
    for (const pair of this.#pairs) this.#end(pair);
    await new Promise((done) => this.#server.close(done));
  }

  #join(near: Socket): void {
    const pair: Pair = { near, far: connect({ port: this.#port, host: '127.0.0.1', noDelay: true }), halve: undefined };
    this.#pairs.add(pair);
    this.#pass(pair, near, pair.far);
    this.#pass(pair, pair.far, near);
  }

  #pass(pair: Pair, from: Socket, to: Socket): void {
    from.on('error', () => {});
    from.on('close', () => this.#end(pair));
    from.on('data', (bytes) => {
      if (pair.halve !== from) return void to.write(bytes);
      to.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), () => this.#end(pair));
      from.pause();
    });
  }

  #end(pair: Pair): void {
    this.#pairs.delete(pair);
    for (const socket of [pair.near, pair.far]) if (!socket.destroyed) socket.resetAndDestroy();
  }
}
