import type { ClipName } from './draw/clips.ts';
import { type Action, actions, clipAt, type Script } from './script.ts';

/** Seconds in which all students look straight at first, from which the server takes the session's baseline. */
const SETTLE_S = 12;

export interface Stage {
  signal(type: string): void;
  /** Cuts the network for this many seconds. */
  cut(seconds: number): void;
}

/** Plays one student's script in real time. */
export class Player {
  readonly #script: Script;
  readonly #offset: number;
  readonly #stage: Stage;
  #startedAt = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param offset starting position in the round, seconds */
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

  /** The clip that the camera shows now. */
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
