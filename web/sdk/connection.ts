import { encodeFrame, type FrameHeader } from '../../protocol/frame.ts';
import { PROTOCOL, TICKET_PREFIX } from '../../protocol/version.ts';
import type { SocketConstructor, SocketLike } from './socket.ts';

export interface ConnectionHandlers<Down> {
  opened(): void;
  message(message: Down): void;
  binary(bytes: Uint8Array): void;
  /** Called once, unless `drop` came first. */
  closed(code: number, reason: string): void;
}

/** One socket. After `drop` or its close it calls no handler and sends nothing. */
export class Connection<Up, Down> {
  #socket: SocketLike;
  #alive = true;

  constructor(Socket: SocketConstructor, url: string, ticket: string, handlers: ConnectionHandlers<Down>) {
    const socket = new Socket(url, [PROTOCOL, `${TICKET_PREFIX}${ticket}`]);
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      if (this.#alive) handlers.opened();
    };
    socket.onmessage = (event: { data: unknown }) => {
      if (!this.#alive) return;
      if (event.data instanceof ArrayBuffer) return handlers.binary(new Uint8Array(event.data));
      const message = parse<Down>(event.data);
      if (message) handlers.message(message);
    };
    socket.onclose = (event: { code: number; reason: string }) => {
      if (!this.#alive) return;
      this.#alive = false;
      handlers.closed(event.code, event.reason);
    };
    // A close follows every error and says more. `ws` throws errors without a listener.
    socket.onerror = () => {};
  }

  /** Bytes buffered in this process. */
  get bufferedAmount(): number {
    return this.#socket.bufferedAmount;
  }

  send(message: Up): void {
    if (this.#alive) this.#socket.send(JSON.stringify(message));
  }

  sendFrame(header: FrameHeader, jpeg: Uint8Array): void {
    if (this.#alive) this.#socket.send(encodeFrame(header, jpeg));
  }

  /**
   * Abandons the socket at once: a close handshake with a dead peer takes up to a minute, and the next connection does
   * not wait for it.
   */
  drop(): void {
    this.#alive = false;
    this.#socket.close(1000);
  }
}

/** Types unknown to this client are passed on; the switch that handles messages ignores them (rule V3). */
function parse<Down>(data: unknown): Down | undefined {
  if (typeof data !== 'string') return undefined;
  try {
    return JSON.parse(data) as Down;
  } catch {
    return undefined;
  }
}
