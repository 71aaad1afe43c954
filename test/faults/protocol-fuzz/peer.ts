import WebSocket from 'ws';
import { decodeWatched } from '../../../protocol/frame.ts';
import type { Ticket } from '../../../protocol/http/sessions.ts';
import { PROTOCOL, TICKET_PREFIX } from '../../../protocol/version.ts';
import type { Wire } from './messages.ts';
import { Changes } from '../../support/changes.ts';

export type Message = { readonly type: string; readonly [field: string]: unknown };

const UUID = /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/g;

/** A socket that passes on all received messages and searches them for other people's data. */
export class Peer {
  readonly #socket: WebSocket;
  readonly #changes = new Changes();
  #fault: Error | undefined;
  closeCode: number | undefined;
  opened = false;

  /**
   * @param isForeign true for other people's ids. @param take receives each message, in order; an exception fails the
   * next `until`
   */
  constructor(
    url: string,
    { ticket, url: path }: Pick<Ticket, 'ticket' | 'url'>,
    isForeign: (id: string) => boolean,
    take: (message: Message) => void,
  ) {
    this.#socket = new WebSocket(url.replace('http', 'ws') + path, [PROTOCOL, TICKET_PREFIX + ticket], {
      perMessageDeflate: false,
    });
    this.#socket.on('open', () => {
      this.opened = true;
      this.#changes.notify();
    });
    this.#socket.on('message', (data: Buffer, isBinary) => {
      try {
        if (isBinary) {
          const { session } = decodeWatched(new Uint8Array(data));
          return take({ type: 'frame', session });
        }
        const text = data.toString();
        for (const [id] of text.matchAll(UUID))
          if (isForeign(id)) throw new Error(`told of somebody else: ${text.slice(0, 500)}`);
        take(JSON.parse(text) as Message);
      } catch (error) {
        this.#fault ??= error as Error;
      }
      this.#changes.notify();
    });
    this.#socket.on('close', (code) => {
      this.closeCode = code;
      this.#changes.notify();
    });
    this.#socket.on('unexpected-response', (_request, response) => {
      this.#fault ??= new Error(`refused with ${response.statusCode}`);
      this.#changes.notify();
    });
    this.#socket.on('error', () => {});
  }

  send(wire: Wire): void {
    this.#socket.send(wire);
  }

  until(what: string, isSo: () => boolean, timeoutMs = 120_000): Promise<void> {
    const check = () => {
      if (this.#fault !== undefined) throw this.#fault;
      return isSo();
    };
    return this.#changes.until(what, check, () => `closed ${this.closeCode}`, timeoutMs);
  }

  /** Closes it from this side. */
  async leave(): Promise<void> {
    this.#socket.close();
    await this.until('close', () => this.closeCode !== undefined);
  }
}
