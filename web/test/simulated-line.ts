import type { FrameLine } from '../sdk/frame-sender.ts';
import { FrameSender } from '../sdk/frame-sender.ts';
import { HEADER_BYTES } from '../../protocol/frame.ts';
import { StallWatch } from '../sdk/stall-watch.ts';

const STEP_MS = 10;
/** The clock of the camera. */
const TICK_MS = 50;
const SIGNAL_BYTES = 150;

export interface LineOptions {
  /** Bytes per second at a time (ms). */
  readonly rate: (now: number) => number;
  /** Time of an empty message to the server and of its answer back, ms. */
  readonly roundTripMs?: number;
  /** Bytes of a picture at full width and quality. */
  readonly pictureBytes?: number;
  readonly server?: { readonly fps?: number; readonly maxWidth?: number; readonly quality?: number };
  /** Answers of the server to a frame; default: one. */
  readonly answers?: (seq: number) => readonly number[];
  /** The server announces answers. Default: true. */
  readonly receipts?: boolean;
  /** A signal is sent this often, ms. */
  readonly signalEveryMs?: number;
}

interface OnTheLine {
  readonly sentAt: number;
  readonly frame: number | undefined;
  left: number;
}

export interface SimulatedFrame {
  readonly seq: number;
  readonly at: number;
  readonly bytes: number;
  readonly scale: { readonly fps: number; readonly maxWidth: number; readonly quality: number };
}

/** A frame sender on a line of a set rate with endless buffers, in simulated time: nothing in it waits. */
export class SimulatedLine {
  readonly sender = new FrameSender();
  readonly frames: SimulatedFrame[] = [];
  /** Time from sending to the server, ms, by order of arrival. */
  readonly frameDelays: number[] = [];
  readonly signalDelays: number[] = [];
  /** Most frames that were unanswered at once, as the server knows it. */
  mostUnanswered = 0;
  /** Times at which the line would have been cut. */
  readonly cuts: number[] = [];
  /** Every change of the state, with its time. */
  readonly states: { readonly reduced: boolean; readonly at: number }[] = [];
  now = 0;
  readonly #options: LineOptions;
  readonly #stall = new StallWatch(20_000);
  readonly #queue: OnTheLine[] = [];
  readonly #answers: { readonly at: number; readonly frame: number }[] = [];
  readonly #waiting = new Set<number>();

  constructor(options: LineOptions) {
    this.#options = options;
    const { fps = 2, maxWidth = 640, quality = 0.8 } = options.server ?? {};
    this.sender.connected(options.receipts !== false, maxWidth);
    this.sender.throttle({ fps, maxWidth, quality, reason: 'policy' }, 0, 0);
  }

  run(ms: number): void {
    for (const until = this.now + ms; this.now < until; this.now += STEP_MS) this.#step();
  }

  /** Bytes of the picture that the camera would send now. */
  get pictureBytes(): number {
    const { maxWidth: fullWidth = 640, quality: fullQuality = 0.8 } = this.#options.server ?? {};
    const { maxWidth, quality } = this.sender.settings!;
    return Math.ceil((this.#options.pictureBytes ?? 38_000) * (maxWidth / fullWidth) ** 2 * (quality / fullQuality));
  }

  #step(): void {
    this.#transmit();
    while (this.#answers[0] && this.#answers[0].at <= this.now) this.#answer(this.#answers.shift()!.frame);
    const { signalEveryMs } = this.#options;
    if (signalEveryMs !== undefined && this.now % signalEveryMs === 0)
      this.#queue.push({ sentAt: this.now, frame: undefined, left: SIGNAL_BYTES });
    if (this.now % TICK_MS === 0) this.#tick();
  }

  #transmit(): void {
    let budget = (this.#options.rate(this.now) * STEP_MS) / 1000;
    const { roundTripMs = 40, answers = (seq) => [seq] } = this.#options;
    while (budget > 0 && this.#queue[0]) {
      const [first] = this.#queue;
      const part = Math.min(budget, first.left);
      first.left -= part;
      budget -= part;
      if (first.left > 0) return;
      this.#queue.shift();
      const delay = this.now - first.sentAt + roundTripMs;
      (first.frame === undefined ? this.signalDelays : this.frameDelays).push(delay);
      if (first.frame === undefined) continue;
      for (const frame of answers(first.frame)) this.#answers.push({ at: this.now + roundTripMs, frame });
    }
  }

  #answer(frame: number): void {
    this.#stall.heard();
    this.#waiting.delete(frame);
    this.sender.answered(frame, this.now);
    this.#note();
  }

  #tick(): void {
    if (this.#stall.stalled(0, this.sender.unansweredBytes, this.now)) {
      this.cuts.push(this.now);
      this.#stall.reset();
    }
    this.sender.expire(this.now);
    this.#note();
    if (!this.sender.ready(this.now)) return;
    const scale = this.sender.settings!;
    const line: FrameLine = {
      bufferedAmount: 0,
      sendFrame: ({ seq }, jpeg) => this.#sent(seq, jpeg.byteLength, scale),
    };
    this.sender.send(line, new Uint8Array(this.pictureBytes), this.now, this.now);
  }

  #sent(seq: number, bytes: number, scale: SimulatedFrame['scale']): void {
    this.frames.push({ seq, at: this.now, bytes, scale });
    this.#queue.push({ sentAt: this.now, frame: seq, left: bytes + HEADER_BYTES });
    this.#waiting.add(seq);
    this.mostUnanswered = Math.max(this.mostUnanswered, this.#waiting.size);
  }

  #note(): void {
    const { reduced } = this.sender;
    if ((this.states.at(-1)?.reduced ?? false) !== reduced) this.states.push({ reduced, at: this.now });
  }
}
