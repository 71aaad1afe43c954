import type { ExamDown } from '../../protocol/down.ts';
import { TokenBucket } from '../../server/token-bucket.ts';
import { LeanExamSocket } from './exam-socket.ts';

/**
 * Somewhat less than what rule T3 grants a socket, 200 messages a second and 1000 at once: more is answered by a close.
 */
const MESSAGES = { burst: 900, perSecond: 190 };
const FULL_MS = 10;
/** An analysis that does not come within this time will not: the frame was lost on the way, ms. */
const LOST_MS = 30_000;
/** An open loop sends nothing more to a server that does not read, bytes. */
const MOST_WAITING = 1024 * 1024;

/** Counted since they were last reset. */
export class Counts {
  sent = 0;
  analysed = 0;
  /** Frames that the closed loop gave up waiting for. */
  lost = 0;
  /** Sends that waited because of rule T3, or were left out because the line was busy. */
  heldBack = 0;
  acked = 0;
  /** From send to `analysis`, ms. */
  readonly latencies: number[] = [];
  /** From send to `ack`, ms. */
  readonly ackLatencies: number[] = [];
}

/** How a student sends: the next frame when the last one is answered, so many a second, or none. */
export type Loop =
  { readonly kind: 'closed' } | { readonly kind: 'open'; readonly fps: number } | { readonly kind: 'idle' };

export interface LeanStudentOptions {
  readonly url: string;
  readonly ticket: string;
  readonly from?: string | undefined;
  readonly jpegs: readonly Uint8Array[];
  /** Place in the round of pictures to begin at. */
  readonly offset: number;
  readonly failed: (reason: string) => void;
}

/** One session on a lean socket. An open loop keeps to the rate that the server states, as clients do. */
export class LeanStudent {
  readonly #options: LeanStudentOptions;
  readonly #messages = new TokenBucket(MESSAGES, performance.now());
  #socket!: LeanExamSocket;
  #counts = new Counts();
  #loop: Loop = { kind: 'idle' };
  #shown: number;
  #due = 0;
  #timer: NodeJS.Timeout | undefined;
  #lostTimer: NodeJS.Timeout | undefined;
  #signalTimer: NodeJS.Timeout | undefined;
  #signals = 0;
  #acked = 0;
  /** By number: frames and signals on their way, with the time of their sending. */
  readonly #sentAt = new Map<number, number>();
  readonly #signalAt = new Map<number, number>();
  /** Frames a second that the server asks for at most. */
  statedFps = Number.POSITIVE_INFINITY;

  private constructor(options: LeanStudentOptions) {
    this.#options = options;
    this.#shown = options.offset;
  }

  /** @throws Error in words when it is not greeted */
  static async connect(options: LeanStudentOptions): Promise<LeanStudent> {
    const student = new LeanStudent(options);
    const listener = {
      analysed: (frame: number) => student.#analysed(frame),
      acked: (seq: number) => student.#ack(seq),
      told: (message: ExamDown) => student.#told(message),
      ended: (reason: string) => student.#ended(reason),
    };
    student.#socket = await LeanExamSocket.open(options, listener);
    return student;
  }

  get counts(): Counts {
    return this.#counts;
  }

  /** Sent and not acknowledged yet. */
  get signalsOnTheirWay(): number {
    return this.#signals - this.#acked;
  }

  /** Begins a new count; what is on its way counts in it when it arrives. */
  recount(): void {
    this.#counts = new Counts();
  }

  /** @param afterMs of an open loop, until its first frame */
  begin(loop: Loop, afterMs = 0): void {
    this.rest();
    this.#loop = loop;
    if (loop.kind === 'closed') this.#next();
    if (loop.kind === 'open') {
      this.#due = performance.now() + afterMs;
      this.#plan();
    }
  }

  /** Sends no more frames. */
  rest(): void {
    this.#loop = { kind: 'idle' };
    clearTimeout(this.#timer);
    clearTimeout(this.#lostTimer);
  }

  /** Sends a signal now and every so often, ms; until `close` or the next call; 0: none. */
  signalEvery(ms: number, afterMs = 0): void {
    clearTimeout(this.#signalTimer);
    if (ms === 0) return;
    const send = (): void => {
      this.#signalTimer = setTimeout(send, ms);
      this.#signalAt.set(++this.#signals, performance.now());
      this.#socket.sendSignal(this.#signals);
    };
    this.#signalTimer = setTimeout(send, afterMs);
  }

  close(): void {
    this.rest();
    this.signalEvery(0);
    this.#socket.close();
  }

  #analysed(frame: number): void {
    const sentAt = this.#sentAt.get(frame);
    this.#counts.analysed += 1;
    if (sentAt !== undefined) this.#counts.latencies.push(performance.now() - sentAt);
    // Analyses come in order, and not every frame gets one.
    for (const seq of this.#sentAt.keys()) {
      if (seq > frame) break;
      this.#sentAt.delete(seq);
    }
    if (this.#loop.kind === 'closed' && this.#sentAt.size === 0) this.#next();
  }

  #told(message: ExamDown): void {
    if (message.type === 'welcome') this.statedFps = message.throttle.fps;
    if (message.type === 'throttle') {
      this.statedFps = message.fps;
      if (this.#loop.kind === 'open') this.#plan();
    }
    if (message.type === 'error') this.#options.failed(`error ${message.code}`);
  }

  #ack(seq: number): void {
    const now = performance.now();
    for (let n = this.#acked + 1; n <= seq; n++) {
      this.#counts.ackLatencies.push(now - (this.#signalAt.get(n) ?? now));
      this.#signalAt.delete(n);
      this.#counts.acked += 1;
    }
    this.#acked = Math.max(seq, this.#acked);
  }

  #ended(reason: string): void {
    this.rest();
    this.signalEvery(0);
    this.#options.failed(reason);
  }

  /** Closed loop. */
  #next(): void {
    if (!this.#messages.take(1, performance.now())) {
      this.#counts.heldBack += 1;
      this.#timer = setTimeout(() => this.#next(), FULL_MS);
      return;
    }
    this.#send();
    clearTimeout(this.#lostTimer);
    this.#lostTimer = setTimeout(() => {
      this.#counts.lost += 1;
      this.#sentAt.clear();
      this.#next();
    }, LOST_MS);
  }

  /** Open loop: the time of the next frame, also when the server states another rate. */
  #plan(): void {
    clearTimeout(this.#timer);
    if (this.#loop.kind !== 'open') return;
    const interval = 1000 / Math.min(this.#loop.fps, this.statedFps);
    const now = performance.now();
    // Under a slower rate set far ahead, it must not hold back a faster one; long past, it must not make a burst.
    this.#due = Math.min(Math.max(this.#due, now - interval), now + interval);
    this.#timer = setTimeout(
      () => {
        this.#due += interval;
        if (this.#socket.waiting < MOST_WAITING && this.#messages.take(1, performance.now())) this.#send();
        else this.#counts.heldBack += 1;
        this.#plan();
      },
      Math.max(0, this.#due - now),
    );
  }

  #send(): void {
    const { jpegs } = this.#options;
    const sentAt = performance.now();
    this.#sentAt.set(this.#socket.sendFrame(jpegs[this.#shown++ % jpegs.length]!), sentAt);
    this.#counts.sent += 1;
  }
}
