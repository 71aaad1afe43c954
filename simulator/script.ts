import type { ClipName } from './draw/clips.ts';

/** Seconds from the beginning of a round. */
interface At {
  readonly at: number;
}

/** The camera shows this clip from here on. */
export interface ClipStep extends At {
  readonly clip: ClipName;
}

interface SignalStep extends At {
  readonly signal: string;
}

/** The network is gone for `cut` seconds. */
interface CutStep extends At {
  readonly cut: number;
}

export type Step = ClipStep | SignalStep | CutStep;

/** A behaviour: a round of steps, repeated. */
export interface Script {
  readonly name: string;
  readonly about: string;
  /** Length of a round, seconds. */
  readonly period: number;
  /** In order of `at`; 0 <= at < period. */
  readonly steps: readonly Step[];
}

export const isClip = (step: Step): step is ClipStep => 'clip' in step;

/** The clip `t` seconds after the start of a student with an offset of `offset` seconds in the round. */
export function clipAt(script: Script, offset: number, t: number): ClipName {
  const position = (t + offset) % script.period;
  const clips = script.steps.filter(isClip);
  // Before the first clip of a round, the last one of the previous round continues.
  const current = clips.findLast((step) => step.at <= position) ?? clips.at(-1);
  return current?.clip ?? 'attentive';
}

export interface Action {
  /** Seconds since the student started. */
  readonly t: number;
  readonly step: SignalStep | CutStep;
}

/** Signals and cuts in order of time, endless; those before the student's start are skipped. */
export function* actions(script: Script, offset: number): Generator<Action, void, undefined> {
  const acts = script.steps.filter((step) => !isClip(step)) as (SignalStep | CutStep)[];
  if (acts.length === 0) return;
  for (let round = 0; ; round++) {
    for (const step of acts) {
      const t = round * script.period + step.at - offset;
      if (t >= 0) yield { t, step };
    }
  }
}
