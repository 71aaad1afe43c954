import { WebSocket } from 'ws';
import type { SocketConstructor } from '../web/sdk/socket.ts';
import { ApiError } from './api-error.ts';

/** One student's network, which can be cut: sockets die without a word, requests get no answer. */
export class Line {
  readonly #sockets = new Set<WebSocket>();
  readonly #refused: (how: string) => void;
  #up = true;
  /** For the exam client's option of this name. */
  readonly WebSocket: SocketConstructor;

  /** @param refused a socket was not let in: the answer's HTTP status, or what the network said */
  constructor(refused: (how: string) => void = () => {}) {
    this.#refused = refused;
    const opened = (socket: WebSocket): void => this.#opened(socket);
    this.WebSocket = class extends WebSocket {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols, { perMessageDeflate: false });
        opened(this);
      }
    };
  }

  get up(): boolean {
    return this.#up;
  }

  cut(): void {
    this.#up = false;
    for (const socket of this.#sockets) socket.terminate();
  }

  mend(): void {
    this.#up = true;
  }

  /** Passes a request on, or fails it as an unplugged cable would. */
  request<T>(work: () => Promise<T>): Promise<T> {
    return this.#up ? work() : Promise.reject(new ApiError(0, 'unavailable', 'the line is cut'));
  }

  #opened(socket: WebSocket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    let isOpen = false;
    socket.on('open', () => (isOpen = true));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // Without a status or a code it is this side that gave up.
      const how = /^Unexpected server response: (\d+)$/.exec(error.message)?.[1] ?? error.code;
      if (this.#up && !isOpen && how !== undefined) this.#refused(how);
    });
    // Not at once: the caller has not attached its listeners yet.
    if (!this.#up) setImmediate(() => socket.terminate());
  }
}
