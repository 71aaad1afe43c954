import type { ExamDown } from '../../protocol/down.ts';
import type { ExamMessage } from '../../protocol/exam.ts';
import { encodeFrame, type FrameHeader } from '../../protocol/frame.ts';
import { PROTOCOL, TICKET_PREFIX } from '../../protocol/version.ts';
import type { SocketConstructor, SocketLike } from './socket.ts';

export interface ConnectionHandlers {
  opened(): void;
  message(message: ExamDown): void;
  /** Once, unless `drop` came first. */
  closed(code: number, reason: string): void;
}

/** One socket from its opening to its close. After `drop` or the close it calls nobody and sends nothing. */
export class Connection {
  #socket: SocketLike;
  #alive = true;

  constructor(Socket: SocketConstructor, url: string, ticket: string, handlers: ConnectionHandlers) {
    const socket = new Socket(url, [PROTOCOL, `${TICKET_PREFIX}${ticket}`]);
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      if (this.#alive) handlers.opened();
    };
    socket.onmessage = (event: { data: unknown }) => {
      const message = this.#alive ? parse(event.data) : undefined;
      if (message) handlers.message(message);
    };
    socket.onclose = (event: { code: number; reason: string }) => {
      if (!this.#alive) return;
      this.#alive = false;
      handlers.closed(event.code, event.reason);
    };
    // A close follows every error and carries more; but `ws` throws errors that nobody listens to.
    socket.onerror = () => {};
  }

  /** Bytes that wait in this process. */
  get bufferedAmount(): number {
    return this.#socket.bufferedAmount;
  }

  send(message: ExamMessage): void {
    if (this.#alive) this.#socket.send(JSON.stringify(message));
  }

  sendFrame(header: FrameHeader, jpeg: Uint8Array): void {
    if (this.#alive) this.#socket.send(encodeFrame(header, jpeg));
  }

  /**
   * Forgets the socket at once. A close handshake with a peer that is gone takes up to a minute,
   * which the next connection need not wait for.
   */
  drop(): void {
    this.#alive = false;
    this.#socket.close(1000);
  }
}

/** Messages of a later server, with types unknown here, are passed on and ignored by the switch that reads them. */
function parse(data: unknown): ExamDown | undefined {
  if (typeof data !== 'string') return undefined;
  try {
    return JSON.parse(data) as ExamDown;
  } catch {
    return undefined;
  }
}
