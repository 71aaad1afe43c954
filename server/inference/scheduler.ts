import type { Detection, JobFailure } from '../../models/jobs.ts';
import { Shares } from './shares.ts';

/** What the models are given. */
export interface Picture {
  readonly jpeg: Uint8Array;
  /**
   * Of an earlier frame of the same camera (`models/hint.ts`): where nothing has moved since, the face need not be
   * searched for.
   */
  readonly hint?: Uint8Array | undefined;
}

/** A frame on its way to the models. */
export interface QueuedFrame extends Picture {
  /** Server ms. */
  readonly receivedAt: number;
}

export interface Seen {
  readonly detection: Detection;
  /** The detector did not run: the face is where the hint had it. */
  readonly followed: boolean;
  /** For the next frames of the same camera; only where the detector ran. */
  readonly hint?: Uint8Array | undefined;
}

/** Who has frames: a session. It holds at most one, the newest. */
export interface FrameSource {
  /** With whom it shares a share: the student, however many sessions they have. Undefined: it has one of its own. */
  readonly owner?: unknown;
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
  /** `ms`: how long a worker had it. */
  | { readonly kind: 'failed'; readonly failure: JobFailure; readonly ms?: number }
  /**
   * The host ended while it had the frame. `suspects`: of so many that were being looked at then it is one; 0: it only
   * waited.
   */
  | { readonly kind: 'lost'; readonly suspects: number };

export interface SchedulerHooks {
  /** Server ms. */
  now(): number;
  /** How long a frame stood in its slot, ms. `costly`: it waited for what it costs, whatever the others do. */
  onWait(ms: number, costly: boolean): void;
  /** A source threw at its result: its defect, which must not cost it its turns. */
  onError(error: unknown): void;
}

/**
 * A picture of a stranger may be looked at while strangers have had less than so much of the workers, ms; it grows by
 * this share of time.
 */
const BESIDE = { mostMs: 1000, share: 0.25 } as const;
/** What ended the host had a worker until the deadline, ms. */
const LOST_MS = 1000;

function costOf(outcome: Outcome): number {
  switch (outcome.kind) {
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
 * Fair over whoever owns the frames, by what they cost a worker (`Shares`). A session stands in the queue at most once,
 * whatever it sends, and has at most one frame with the models, so that its results come back in order. The frame is
 * taken when its turn comes: newest wins. A source that may have ended the host is looked at alone, so that the next
 * end says whether it was.
 */
export class Scheduler {
  readonly #analyser: Analyser;
  readonly #hooks: SchedulerHooks;
  readonly #shares = new Shares<FrameSource>();
  readonly #busy = new Set<FrameSource>();
  #besideMs: number = BESIDE.mostMs;
  #besideAt: number;

  constructor(analyser: Analyser, hooks: SchedulerHooks) {
    this.#analyser = analyser;
    this.#hooks = hooks;
    this.#besideAt = hooks.now();
  }

  /** Sessions that wait for their turn. */
  get waiting(): number {
    return this.#shares.waiting;
  }

  /** The source has a frame and did not have one before. */
  offer(source: FrameSource): void {
    if (this.#busy.has(source)) return;
    this.#busy.add(source);
    this.#shares.push(ownerOf(source), source);
    this.pump();
  }

  /**
   * Its frames cost several times what others' do: they wait for that, and it is no sign that there are too many
   * frames.
   */
  isCostly(source: FrameSource): boolean {
    return this.#shares.isCostly(ownerOf(source));
  }

  /** Once a measuring period: what is costly. */
  judge(): void {
    this.#shares.judge();
  }

  /**
   * Looks at a frame of no session. Exam frames come first: only while none of them waits, and another one would still
   * find room, and while strangers have not had a quarter of a worker. Undefined: not now.
   */
  async lookBeside(jpeg: Uint8Array): Promise<Outcome | undefined> {
    if (this.waiting > 0 || this.#analyser.free < 2 || !this.#mayLookBeside()) return undefined;
    const outcome = await this.#analyser.analyse({ jpeg });
    this.#besideMs -= costOf(outcome);
    this.pump();
    return outcome;
  }

  /** Starts what there is room for; also called when the host has become ready. */
  pump(): void {
    while (this.#analyser.free > 0) {
      const isolated = this.#shares.peek()?.needsIsolation(this.#hooks.now()) === true;
      // The others wait behind it for the few milliseconds that those with the models still take.
      if (isolated && !this.#analyser.idle) return;
      const source = this.#shares.shift();
      if (!source) return;
      const frame = source.takeFrame();
      if (!frame) {
        this.#busy.delete(source);
        continue;
      }
      this.#hooks.onWait(this.#hooks.now() - frame.receivedAt, this.isCostly(source));
      void this.#look(source, frame, isolated);
    }
  }

  async #look(source: FrameSource, frame: QueuedFrame, isolated: boolean): Promise<void> {
    const settle = this.#shares.charge(ownerOf(source));
    const outcome = await this.#analyser.analyse(frame, isolated);
    settle(costOf(outcome));
    try {
      if (outcome.kind === 'done') source.analysed(frame, outcome);
      else source.failed(frame, outcome);
    } catch (error) {
      this.#hooks.onError(error);
    }
    // Stays marked and waits anew: a frame that came meanwhile has its turn like any other.
    this.#shares.push(ownerOf(source), source);
    this.pump();
  }

  #mayLookBeside(): boolean {
    const now = this.#hooks.now();
    this.#besideMs = Math.min(BESIDE.mostMs, this.#besideMs + Math.max(0, now - this.#besideAt) * BESIDE.share);
    this.#besideAt = now;
    return this.#besideMs > 0;
  }
}

const ownerOf = (source: FrameSource): unknown => source.owner ?? source;
