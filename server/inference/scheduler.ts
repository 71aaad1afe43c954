import type { Detection, JobFailure } from '../../models/jobs.ts';

/** A frame on its way to the models. */
export interface QueuedFrame {
  readonly jpeg: Uint8Array;
  /** Server ms. */
  readonly receivedAt: number;
}

/** Who has frames: a session. It holds at most one, the newest. */
export interface FrameSource {
  /** Removes and returns the waiting frame. */
  takeFrame(): QueuedFrame | undefined;
  analysed(frame: QueuedFrame, detection: Detection): void;
  failed(frame: QueuedFrame, failure: Exclude<Outcome, { kind: 'done' }>): void;
}

/** What the scheduler feeds. */
export interface Analyser {
  readonly free: number;
  analyse(jpeg: Uint8Array): Promise<Outcome>;
}

export type Outcome =
  | { readonly kind: 'done'; readonly detection: Detection }
  | { readonly kind: 'failed'; readonly failure: JobFailure }
  /** The host ended while it had the frame. `culprit`: it was being looked at then. */
  | { readonly kind: 'lost'; readonly culprit: boolean };

export interface SchedulerHooks {
  /** Server ms. */
  now(): number;
  /** How long a frame stood in its slot, ms. */
  onWait(ms: number): void;
  /** A source threw at its result: its defect, which must not cost it its turns. */
  onError(error: unknown): void;
}

/**
 * Fair over sessions: each stands in the queue at most once, whatever it sends, and has at most one frame
 * with the models, so that its results come back in order. The frame is taken when its turn comes: newest wins.
 */
export class Scheduler {
  readonly #analyser: Analyser;
  readonly #hooks: SchedulerHooks;
  #queue: FrameSource[] = [];
  #head = 0;
  readonly #busy = new Set<FrameSource>();

  constructor(analyser: Analyser, hooks: SchedulerHooks) {
    this.#analyser = analyser;
    this.#hooks = hooks;
  }

  /** Sessions that wait for their turn. */
  get waiting(): number {
    return this.#queue.length - this.#head;
  }

  /** The source has a frame and did not have one before. */
  offer(source: FrameSource): void {
    if (this.#busy.has(source)) return;
    this.#busy.add(source);
    this.#queue.push(source);
    this.pump();
  }

  /**
   * Looks at a frame of no session. Exam frames come first: only while none of them waits, and another one would still
   * find room. Undefined: not now.
   */
  async lookBeside(jpeg: Uint8Array): Promise<Outcome | undefined> {
    if (this.waiting > 0 || this.#analyser.free < 2) return undefined;
    const outcome = await this.#analyser.analyse(jpeg);
    this.pump();
    return outcome;
  }

  /** Starts what there is room for; also called when the host has become ready. */
  pump(): void {
    while (this.#analyser.free > 0) {
      const source = this.#shift();
      if (!source) return;
      const frame = source.takeFrame();
      if (!frame) {
        this.#busy.delete(source);
        continue;
      }
      this.#hooks.onWait(this.#hooks.now() - frame.receivedAt);
      void this.#look(source, frame);
    }
  }

  async #look(source: FrameSource, frame: QueuedFrame): Promise<void> {
    const outcome = await this.#analyser.analyse(frame.jpeg);
    try {
      if (outcome.kind === 'done') source.analysed(frame, outcome.detection);
      else source.failed(frame, outcome);
    } catch (error) {
      this.#hooks.onError(error);
    }
    // Stays marked and goes to the end of the queue: a frame that came meanwhile waits for its turn like any other.
    this.#queue.push(source);
    this.pump();
  }

  #shift(): FrameSource | undefined {
    const source = this.#queue[this.#head];
    if (!source) return undefined;
    this.#head += 1;
    // Compacted now and then: shifting a long array each time costs its length.
    if (this.#head > 1024 && this.#head * 2 > this.#queue.length) {
      this.#queue = this.#queue.slice(this.#head);
      this.#head = 0;
    }
    return source;
  }
}
