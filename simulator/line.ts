import { WebSocket } from 'ws';
import type { SocketConstructor } from '../web/sdk/socket.ts';
import { ApiError } from './api-error.ts';

/** Network line of one student that can be cut: sockets drop without a close frame, requests get no response. */
export class Line {
  readonly #sockets = new Set<WebSocket>();
  readonly #refused: (how: string) => void;
  #up = true;
  /** For the exam client's option of this name. */
  readonly WebSocket: SocketConstructor;

  /** @param refused called for a refused socket with the HTTP status of the response or the network error */
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
      // Without a status or code, this side aborted.
      const how = /^Unexpected server response: (\d+)$/.exec(error.message)?.[1] ?? error.code;
      if (this.#up && !isOpen && how !== undefined) this.#refused(how);
    });
    // Not at once: the caller has not attached its listeners yet.
    if (!this.#up) setImmediate(() => socket.terminate());
  }
}
