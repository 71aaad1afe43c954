import type { JobFailure, ThreadAnswer } from '../../models/jobs.ts';
import { Shares } from './shares.ts';

/** A frame as the models get it. */
export interface Picture {
  readonly jpeg: Uint8Array;
  /** From an earlier frame of the same camera (`models/hint.ts`): where nothing has moved, no face is searched for. */
  readonly hint?: Uint8Array | undefined;
  /** Whether the eyes are measured, too. */
  readonly eyes: boolean;
}

/** A frame that waits for the models. */
export interface QueuedFrame extends Picture {
  /** Server ms. */
  readonly receivedAt: number;
}

/** Result of a frame that was given to the models. `done` is the thread's answer itself. */
export type Outcome =
  | Omit<Extract<ThreadAnswer, { type: 'done' }>, 'job'>
  /** `ms`: time that a worker spent on it. */
  | { readonly type: 'failed'; readonly failure: JobFailure; readonly ms?: number }
  /** The host ended. `suspects`: number of frames that were being analysed then, this one included; 0: it only waited. */
  | { readonly type: 'lost'; readonly suspects: number };

/** A session that sends frames. It holds at most one, the newest. */
export interface FrameSource {
  /** All sources of one owner share one share: a student's sessions, however many. Undefined: a share of its own. */
  readonly owner?: unknown;
  /** Whether its waiting frame must be analysed alone. `now` is server ms. */
  needsIsolation(now: number): boolean;
  /** Removes and returns the waiting frame. */
  takeFrame(): QueuedFrame | undefined;
  /** The frame that was taken has its result. */
  settled(frame: QueuedFrame, outcome: Outcome): void;
}

/** Analyses frames: the inference pool. */
export interface Analyser {
  /** Number of frames that it can take now. */
  readonly free: number;
  /** It has no frame. */
  readonly idle: boolean;
  /** An isolated frame is the only one until it is settled; allowed while the analyser is idle only. */
  analyse(picture: Picture, isolated?: boolean): Promise<Outcome>;
}

export interface SchedulerHooks {
  /** Server ms. */
  now(): number;
  /** Time that a frame waited for its turn, ms. `costly`: because of its own cost, whatever the load. */
  onWait(ms: number, costly: boolean): void;
  /** A frame was replaced by a newer one before its turn. `costly`: as above. */
  onReplaced(costly: boolean): void;
  /** A source threw on its result: a defect, which does not cost the source its turns. */
  onError(error: unknown): void;
}

/**
 * Pictures that belong to no session are analysed while they have used less worker time than this, ms; the allowance
 * grows by this share of elapsed time.
 */
const SPARE = { maxMs: 1000, share: 0.25 } as const;
/** A frame that ended the host kept its worker until the deadline, ms. */
const LOST_MS = 1000;

function costOf(outcome: Outcome): number {
  switch (outcome.type) {
    case 'done': {
      const { decode, detect, pose } = outcome.detection.ms;
      return decode + detect + pose;
    }
    case 'failed':
      return outcome.ms ?? 0;
    case 'lost':
      return outcome.suspects > 0 ? LOST_MS / outcome.suspects : 0;
  }
}

/**
 * Fair over owners, by the worker time that their frames cost (`Shares`). A session stands in the queue at most once,
 * however much it sends, and has at most one frame with the models, so that its results come back in order. The frame
 * is taken when the session's turn comes: the newest wins. A source that may have ended the host is analysed alone, so
 * that the next end of the host has one suspect.
 */
export class Scheduler {
  readonly #analyser: Analyser;
  readonly #hooks: SchedulerHooks;
  readonly #shares = new Shares<FrameSource>();
  readonly #busy = new Set<FrameSource>();
  #spareMs: number = SPARE.maxMs;
  #spareAt: number;

  constructor(analyser: Analyser, hooks: SchedulerHooks) {
    this.#analyser = analyser;
    this.#hooks = hooks;
    this.#spareAt = hooks.now();
  }

  /** Number of sessions that wait for their turn. */
  get waiting(): number {
    return this.#shares.waiting;
  }

  /** The source has a frame and had none before. */
  offer(source: FrameSource): void {
    if (this.#busy.has(source)) return;
    this.#busy.add(source);
    this.#shares.push(ownerOf(source), source);
    this.pump();
  }

  /** The waiting frame of the source gives way to a newer one. */
  replaced(source: FrameSource): void {
    this.#hooks.onReplaced(this.#isCostly(source));
  }

  /** Decides anew which owners are costly; call once per measuring period. */
  judge(): void {
    this.#shares.judge();
  }

  /**
   * Analyses a picture that belongs to no session. Exam frames come first: refused while one waits, while fewer than two
   * places are free, or when such pictures have used up a quarter of a worker. Undefined: refused.
   */
  async tryAnalyse(jpeg: Uint8Array): Promise<Outcome | undefined> {
    if (this.waiting > 0 || this.#analyser.free < 2 || !this.#hasSpareTime()) return undefined;
    const outcome = await this.#analyser.analyse({ jpeg, eyes: false });
    this.#spareMs -= costOf(outcome);
    this.pump();
    return outcome;
  }

  /** Starts what there is room for; also called when the host has become ready. */
  pump(): void {
    while (this.#analyser.free > 0) {
      const isolated = this.#shares.peek()?.needsIsolation(this.#hooks.now()) === true;
      // The others wait behind it for the few milliseconds that frames in progress still take.
      if (isolated && !this.#analyser.idle) return;
      const source = this.#shares.shift();
      if (!source) return;
      const frame = source.takeFrame();
      if (!frame) {
        this.#busy.delete(source);
        continue;
      }
      this.#hooks.onWait(this.#hooks.now() - frame.receivedAt, this.#isCostly(source));
      void this.#analyse(source, frame, isolated);
    }
  }

  async #analyse(source: FrameSource, frame: QueuedFrame, isolated: boolean): Promise<void> {
    const settle = this.#shares.charge(ownerOf(source));
    const outcome = await this.#analyser.analyse(frame, isolated);
    settle(costOf(outcome));
    try {
      source.settled(frame, outcome);
    } catch (error) {
      this.#hooks.onError(error);
    }
    // Stays marked and queues again: a frame that came meanwhile waits for its turn like any other.
    this.#shares.push(ownerOf(source), source);
    this.pump();
  }

  /** Its frames cost several times the others': their wait is no sign of too much load. */
  #isCostly(source: FrameSource): boolean {
    return this.#shares.isCostly(ownerOf(source));
  }

  #hasSpareTime(): boolean {
    const now = this.#hooks.now();
    this.#spareMs = Math.min(SPARE.maxMs, this.#spareMs + Math.max(0, now - this.#spareAt) * SPARE.share);
    this.#spareAt = now;
    return this.#spareMs > 0;
  }
}

const ownerOf = (source: FrameSource): unknown => source.owner ?? source;
