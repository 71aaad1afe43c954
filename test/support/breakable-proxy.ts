import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/**
 * - `break` both ends are reset at once
 * - `middle` of the next bytes from the client half go on, then both ends are reset: the server has half a message
 * - `answer` the same with the next bytes from the server: the client has half a message
 * - `stall` nothing goes on for a while in either direction, then both ends are reset
 */
export type Cut = 'break' | 'middle' | 'answer' | 'stall';
export const CUTS: readonly Cut[] = ['break', 'middle', 'answer', 'stall'];

const STALL_MS = 200;

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
  /** Bytes of which only half are passed on, before the end. */
  halve: Socket | undefined;
}

/** A way to a server that can be cut anywhere, also between two bytes of one message. */
export class BreakableProxy {
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  readonly #port: number;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.#port = port;
    server.on('connection', (near) => this.#join(near));
  }

  /** @param target URL on this machine; nothing need listen there yet */
  static async start(target: string): Promise<BreakableProxy> {
    const server = createServer({ noDelay: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new BreakableProxy(server, Number(new URL(target).port));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Connections that stand. */
  get size(): number {
    return this.#pairs.size;
  }

  /** Cuts one of the connections; `random` 0..1 says which. @returns false when there is none */
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
