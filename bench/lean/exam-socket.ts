import type { ExamDown } from '../../protocol/down.ts';
import { pictureHead, textFrame } from './frame-writer.ts';
import { beginsWith, headOf, integerAt } from './message-head.ts';
import { LeanSocket, type SocketOptions } from './web-socket.ts';

const GREETING_MS = 20_000;
/** Start of nearly every message: read without a JSON parser, or not at all. */
const ANALYSIS = headOf('analysis', ',"frame":');
const ACK = headOf('ack', ',"seq":');
const EVENT = headOf('event');
const RISK = headOf('risk');
const RECEIVED = headOf('received');

export interface ExamListener {
  analysed(frame: number): void;
  /** All signals up to this number are committed. */
  acked(seq: number): void;
  /** Any message but the student's own events and risk. */
  told(message: ExamDown): void;
  /** The connection ended, but not by this side. */
  ended(reason: string): void;
}

/** An exam socket cheap enough to run thousands in one process. */
export class LeanExamSocket {
  readonly #listener: ExamListener;
  #socket!: LeanSocket;
  #seq = 0;
  /** Pending until the welcome; called with an error if it will not arrive. */
  #greeted: ((error?: Error) => void) | undefined;

  private constructor(listener: ExamListener) {
    this.#listener = listener;
  }

  /** Resolves at the welcome. @throws Error if it does not arrive */
  static async open(options: SocketOptions, listener: ExamListener): Promise<LeanExamSocket> {
    const client = new LeanExamSocket(listener);
    const text = (payload: Buffer): void => client.#text(payload);
    client.#socket = await LeanSocket.open(options, '/ws/exam', { text, ended: (reason) => client.#ended(reason) });
    await client.#greet();
    return client;
  }

  /** Bytes not yet accepted by the kernel. */
  get waiting(): number {
    return this.#socket.waiting;
  }

  get traffic(): LeanSocket['traffic'] {
    return this.#socket.traffic;
  }

  /** @returns the frame's number */
  sendFrame(jpeg: Uint8Array): number {
    const seq = ++this.#seq;
    this.#socket.write(pictureHead(seq, Date.now(), jpeg.byteLength), jpeg);
    return seq;
  }

  /** @param seq from 1, incremented by one @param data JSON */
  sendSignal(seq: number, data = '{"hidden":true}', signal = 'TAB_SWITCH'): void {
    this.#socket.write(
      textFrame(
        `{"type":"signal","seq":${seq},"signal":"${signal}","at":"${new Date().toISOString()}","data":${data}}`,
      ),
    );
  }

  close(): void {
    this.#socket.close();
  }

  #greet(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#socket.fail('no welcome in time'), GREETING_MS);
      this.#greeted = (error) => {
        this.#greeted = undefined;
        clearTimeout(timer);
        if (error) reject(error);
        else resolve();
      };
      this.#socket.write(textFrame('{"type":"hello"}'));
    });
  }

  #text(payload: Buffer): void {
    if (beginsWith(payload, ANALYSIS)) return this.#listener.analysed(integerAt(payload, ANALYSIS.length));
    if (beginsWith(payload, ACK)) return this.#listener.acked(integerAt(payload, ACK.length));
    if ([RECEIVED, EVENT, RISK].some((head) => beginsWith(payload, head))) return;
    const message = JSON.parse(payload.toString('utf8')) as ExamDown;
    if (message.type === 'welcome') this.#greeted?.();
    this.#listener.told(message);
  }

  #ended(reason: string): void {
    if (this.#greeted) this.#greeted(new Error(reason));
    else this.#listener.ended(reason);
  }
}
