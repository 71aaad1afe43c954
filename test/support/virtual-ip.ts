import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/**
 * Address that moves between servers, as a virtual IP or a TCP balancer does: new connections go to the present
 * server, and open ones stay where they are.
 */
export class VirtualIp {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #port: number;
  /** Connections accepted since the last move. */
  accepted = 0;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.#port = port;
    server.on('connection', (near) => {
      this.accepted += 1;
      const far = connect(this.#port, '127.0.0.1');
      this.#pass(near, far);
      this.#pass(far, near);
    });
  }

  static async start(port: number): Promise<VirtualIp> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new VirtualIp(server, port);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  move(port: number): void {
    this.#port = port;
    this.accepted = 0;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((done) => this.#server.close(done));
  }

  #pass(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.on('error', () => {});
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
    from.pipe(to);
  }
}
