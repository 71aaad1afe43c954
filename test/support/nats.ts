import { type ChildProcess, spawn } from 'node:child_process';
import { connect } from 'node:net';
import { natsProgram } from './requirements.ts';
import { freePort } from './process.ts';
import { waitFor } from './server.ts';

/** A real nats-server on a port of its own. */
export class NatsServer {
  readonly port: number;
  #child: ChildProcess | undefined;

  private constructor(port: number) {
    this.port = port;
  }

  static async start(): Promise<NatsServer> {
    const server = new NatsServer(await freePort());
    await server.start();
    return server;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  /** Starts it again, on the same port. */
  async start(): Promise<void> {
    this.#child = spawn(natsProgram!, ['-a', '127.0.0.1', '-p', String(this.port)], { stdio: 'ignore' });
    await waitFor('nats-server', () => answers(this.port));
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }
}

const answers = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('data', () => (socket.destroy(), resolve(true)));
    socket.once('error', () => resolve(false));
  });
