import type { Detection, JobFailure } from '../../models/jobs.ts';

/** What the models are given. */
export interface Picture {
  readonly jpeg: Uint8Array;
  /** Of an earlier frame of the same camera (`models/trace.ts`): where nothing has moved since, the face need not be searched for. */
  readonly trace?: Uint8Array | undefined;
}

/** A frame on its way to the models. */
export interface QueuedFrame extends Picture {
  /** Server ms. */
  readonly receivedAt: number;
}

export interface Seen {
  readonly detection: Detection;
  /** The detector did not run: the face is where the trace had it. */
  readonly followed: boolean;
  /** For the next frames of the same camera; only where the detector ran. */
  readonly trace?: Uint8Array | undefined;
}

/** Who has frames: a session. It holds at most one, the newest. */
export interface FrameSource {
  /** Removes and returns the waiting frame. */
  takeFrame(): QueuedFrame | undefined;
  /** Its waiting frame may be looked at only while nobody else's is. `now` is server ms. */
  needsIsolation(now: number): boolean;
  analysed(frame: QueuedFrame, seen: Seen): void;
  failed(frame: QueuedFrame, failure: Exclude<Outcome, { kind: 'done' }>): void;
}

/** What the scheduler feeds. */
export interface Analyser {
  /** Frames that it takes now. */
  readonly free: number;
  /** It has none. */
  readonly idle: boolean;
  /** With `isolated` it takes no other one until this one is settled; only while it is idle. */
  analyse(picture: Picture, isolated?: boolean): Promise<Outcome>;
}

export type Outcome =
  | ({ readonly kind: 'done' } & Seen)
  | { readonly kind: 'failed'; readonly failure: JobFailure }
  /** The host ended while it had the frame. `suspects`: of so many that were being looked at then it is one; 0: it only waited. */
  | { readonly kind: 'lost'; readonly suspects: number };

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
 * A source that may have ended the host is looked at alone, so that the next end says whether it was.
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
    const outcome = await this.#analyser.analyse({ jpeg });
    this.pump();
    return outcome;
  }

  /** Starts what there is room for; also called when the host has become ready. */
  pump(): void {
    while (this.#analyser.free > 0) {
      const isolated = this.#queue[this.#head]?.needsIsolation(this.#hooks.now()) === true;
      // The others wait behind it for the few milliseconds that those with the models still take.
      if (isolated && !this.#analyser.idle) return;
      const source = this.#shift();
      if (!source) return;
      const frame = source.takeFrame();
      if (!frame) {
        this.#busy.delete(source);
        continue;
      }
      this.#hooks.onWait(this.#hooks.now() - frame.receivedAt);
      void this.#look(source, frame, isolated);
    }
  }

  async #look(source: FrameSource, frame: QueuedFrame, isolated: boolean): Promise<void> {
    const outcome = await this.#analyser.analyse(frame, isolated);
    try {
      if (outcome.kind === 'done') source.analysed(frame, outcome);
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
