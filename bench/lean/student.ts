import type { ExamDown } from '../../protocol/down.ts';
import { TokenBucket } from '../../server/token-bucket.ts';
import { LeanExamSocket } from './exam-socket.ts';

/**
 * Somewhat below the limit of rule T3 per socket, 200 messages a second and a burst of 1000: exceeding it closes the
 * socket.
 */
const MESSAGES = { burst: 900, perSecond: 190 };
const FULL_MS = 10;
/** Timeout of an analysis, after which the frame counts as lost, ms. */
const LOST_MS = 30_000;
/** Buffered bytes from which an open loop stops sending to a server that does not read. */
const MOST_WAITING = 1024 * 1024;

/** Counters since the last reset. */
export class Counts {
  sent = 0;
  analysed = 0;
  /** Frames for which the closed loop stopped waiting. */
  lost = 0;
  /** Sends delayed by rule T3, or skipped because the line was busy. */
  heldBack = 0;
  acked = 0;
  /** From send to `analysis`, ms. */
  readonly latencies: number[] = [];
  /** From send to `ack`, ms. */
  readonly ackLatencies: number[] = [];
}

/** Pace of a student: the next frame after the last response, a fixed rate per second, or none. */
export type Loop =
  { readonly kind: 'closed' } | { readonly kind: 'open'; readonly fps: number } | { readonly kind: 'idle' };

export interface LeanStudentOptions {
  readonly url: string;
  readonly ticket: string;
  readonly from?: string | undefined;
  readonly jpegs: readonly Uint8Array[];
  /** Starting position in the clip. */
  readonly offset: number;
  readonly failed: (reason: string) => void;
}

/** One session on a lean socket. An open loop respects the server's stated rate, as clients do. */
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
  /** Send times of frames and signals in flight, by number. */
  readonly #sentAt = new Map<number, number>();
  readonly #signalAt = new Map<number, number>();
  /** Maximum frames per second requested by the server. */
  statedFps = Number.POSITIVE_INFINITY;

  private constructor(options: LeanStudentOptions) {
    this.#options = options;
    this.#shown = options.offset;
  }

  /** @throws Error if it gets no welcome */
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

  get traffic(): LeanExamSocket['traffic'] {
    return this.#socket.traffic;
  }

  /** Sent but not acknowledged. */
  get signalsOnTheirWay(): number {
    return this.#signals - this.#acked;
  }

  /** Starts a new count; frames and signals in flight count in it when they arrive. */
  recount(): void {
    this.#counts = new Counts();
  }

  /** @param afterMs delay of the first frame of an open loop */
  begin(loop: Loop, afterMs = 0): void {
    this.rest();
    this.#loop = loop;
    if (loop.kind === 'closed') this.#next();
    if (loop.kind === 'open') {
      this.#due = performance.now() + afterMs;
      this.#plan();
    }
  }

  /** Stops sending frames. */
  rest(): void {
    this.#loop = { kind: 'idle' };
    clearTimeout(this.#timer);
    clearTimeout(this.#lostTimer);
  }

  /** Sends a signal now and at this interval, ms, until `close` or the next call; 0: none. */
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
    // Analyses come in order, and some frames get none.
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

  /** Open loop: sets the time of the next frame, also when the server states another rate. */
  #plan(): void {
    clearTimeout(this.#timer);
    if (this.#loop.kind !== 'open') return;
    const interval = 1000 / Math.min(this.#loop.fps, this.statedFps);
    const now = performance.now();
    // A due time set far ahead under a slower rate must not delay a faster one; one long past must not cause a burst.
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
