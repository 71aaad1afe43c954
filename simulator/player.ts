import type { ClipName } from './draw/clips.ts';
import { type Action, actions, clipAt, type Script } from './script.ts';

/** Seconds in which everybody looks straight at first: the server takes the session's baseline from them. */
const SETTLE_S = 12;

export interface Stage {
  signal(type: string): void;
  /** The network goes away for so many seconds. */
  cut(seconds: number): void;
}

/** Plays one student's script in real time. */
export class Player {
  readonly #script: Script;
  readonly #offset: number;
  readonly #stage: Stage;
  #startedAt = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param offset where in the round the student begins, seconds */
  constructor(script: Script, offset: number, stage: Stage) {
    this.#script = script;
    this.#offset = offset;
    this.#stage = stage;
  }

  start(): void {
    this.#startedAt = performance.now();
    this.#next(actions(this.#script, this.#offset));
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** What the camera shows now. */
  clip(): ClipName {
    const t = (performance.now() - this.#startedAt) / 1000;
    return t < SETTLE_S ? 'attentive' : clipAt(this.#script, this.#offset, t);
  }

  #next(plan: Generator<Action, void, undefined>): void {
    const next = plan.next();
    if (next.done) return;
    const { t, step } = next.value;
    this.#timer = setTimeout(
      () => {
        if ('signal' in step) this.#stage.signal(step.signal);
        else this.#stage.cut(step.cut);
        this.#next(plan);
      },
      Math.max(0, this.#startedAt + t * 1000 - performance.now()),
    );
  }
}
