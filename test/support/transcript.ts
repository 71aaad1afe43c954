import WebSocket from 'ws';
import { encodeFrame, HEADER_BYTES } from '../../protocol/frame.ts';
import type { Ticket } from '../../protocol/http/sessions.ts';
import { PROTOCOL, TICKET_PREFIX } from '../../protocol/version.ts';
import { Changes } from './changes.ts';

type Message = { readonly type: string; readonly [field: string]: unknown };

/** Start of the times in a transcript. */
const EPOCH = Date.UTC(2026, 0, 1, 10);
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g;
const LIMIT_MS = 60_000;
const SECRETS = ['accessToken', 'refreshToken', 'ticket'];

/**
 * Records requests and messages as Markdown: ids are numbered in order of appearance, times count from the first
 * request.
 */
export class Transcript {
  readonly #url: string;
  readonly #parts: string[] = [];
  readonly #ids = new Map<string, string>();
  readonly #start = Date.now();

  constructor(url: string) {
    this.#url = url;
  }

  text(): string {
    return this.#parts.join('');
  }

  write(markdown: string): void {
    this.#parts.push(markdown);
  }

  /** The time as shown in the transcript, ms since 1970. */
  shifted(time: number): number {
    return EPOCH + Math.max(0, time - this.#start);
  }

  stable(text: string): string {
    return text
      .replace(UUID, (id) => {
        const known = this.#ids.get(id) ?? `0198f3a2-7b1c-7000-8000-${String(this.#ids.size + 1).padStart(12, '0')}`;
        this.#ids.set(id, known);
        return known;
      })
      .replace(TIME, (time) => new Date(this.shifted(Date.parse(time))).toISOString())
      .replace(new RegExp(`"(${SECRETS.join('|')})":"[^"]*"`, 'g'), '"$1":"<$1>"');
  }

  async post<T>(path: string, body: unknown, token?: string): Promise<T> {
    const authorization = token === undefined ? undefined : `Bearer ${token}`;
    const response = await fetch(this.#url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
      body: JSON.stringify(body),
    });
    const answer = await response.text();
    const head = `POST ${path}${token === undefined ? '' : '\nAuthorization: Bearer <accessToken>'}`;
    const exchange = `${head}\nContent-Type: application/json\n\n${JSON.stringify(body)}\n\nHTTP/1.1 ${response.status}\n\n${answer}`;
    this.write(`\`\`\`http\n${this.stable(exchange)}\n\`\`\`\n\n`);
    return JSON.parse(answer) as T;
  }

  async open(ticket: Ticket): Promise<RecordedSocket> {
    const socket = new RecordedSocket(this.#url, ticket, this);
    await socket.opened();
    const lines = [
      `GET ${ticket.url} HTTP/1.1`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: <16 random bytes in base64>',
      `Sec-WebSocket-Protocol: ${PROTOCOL}, ${TICKET_PREFIX}<ticket>`,
      '',
      'HTTP/1.1 101 Switching Protocols',
      `Sec-WebSocket-Protocol: ${socket.protocol}`,
    ];
    this.write(`\`\`\`http\n${lines.join('\n')}\n\`\`\`\n\n`);
    return socket;
  }
}

/** A socket whose messages form a block of the transcript. */
class RecordedSocket {
  readonly #transcript: Transcript;
  readonly #socket: WebSocket;
  readonly #changes = new Changes();
  readonly #received: Message[] = [];
  #taken = 0;
  #lines: string[] = [];
  #closed = false;

  constructor(url: string, ticket: Ticket, transcript: Transcript) {
    this.#transcript = transcript;
    this.#socket = new WebSocket(url.replace('http', 'ws') + ticket.url, [PROTOCOL, TICKET_PREFIX + ticket.ticket]);
    this.#socket.on('open', () => this.#changes.notify());
    this.#socket.on('close', (code) => {
      this.#line('<', `close ${code}`);
      this.#closed = true;
      this.#changes.notify();
    });
    this.#socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as Message;
      // Depends on the load of the machine, not on the session.
      if (message.type === 'throttle') return;
      this.#line('<', data.toString());
      this.#received.push(message);
      this.#changes.notify();
    });
  }

  get protocol(): string {
    return this.#socket.protocol;
  }

  opened(): Promise<void> {
    return this.#until('open', () => this.#socket.readyState === WebSocket.OPEN);
  }

  send(message: Message): void {
    const text = JSON.stringify(message);
    this.#line('>', text);
    this.#socket.send(text);
  }

  sendFrame(seq: number, jpeg: Uint8Array): void {
    const capturedAt = Date.now();
    this.#socket.send(encodeFrame({ seq, capturedAt }, jpeg));
    const header = encodeFrame({ seq, capturedAt: this.#transcript.shifted(capturedAt) }, jpeg).subarray(
      0,
      HEADER_BYTES,
    );
    this.#line('>', `binary: ${Buffer.from(header).toString('hex')} + ${jpeg.byteLength} bytes of JPEG`);
  }

  /** Waits for messages of these types, in any order, after those of the previous call. @returns the last of them */
  async receive(...types: readonly string[]): Promise<Message> {
    await this.#until(types.join(', '), () => {
      const rest = new Set(types);
      for (let at = this.#taken; at < this.#received.length; at++) {
        rest.delete(this.#received[at]!.type);
        if (rest.size > 0) continue;
        this.#taken = at + 1;
        return true;
      }
      return false;
    });
    return this.#received[this.#taken - 1]!;
  }

  async closed(): Promise<void> {
    await this.#until('close', () => this.#closed);
    this.flush();
  }

  async close(): Promise<void> {
    this.#line('>', 'close 1000');
    this.#socket.close(1000);
    await this.closed();
  }

  /** Ends the current block. */
  flush(): void {
    this.#transcript.write(`\`\`\`text\n${this.#lines.join('\n')}\n\`\`\`\n\n`);
    this.#lines = [];
  }

  #until(what: string, isSo: () => boolean): Promise<void> {
    return this.#changes.until(what, isSo, () => this.#lines.join('\n'), LIMIT_MS);
  }

  #line(way: '<' | '>', text: string): void {
    this.#lines.push(`${way} ${this.#transcript.stable(text)}`);
  }
}
