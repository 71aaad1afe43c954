import type { Detection } from '../../../../models/jobs.ts';

/** How a picture came, and its proportions: a slow uplink scales pictures and keeps them. */
export interface Shape {
  readonly via: 'socket' | 'post';
  readonly aspect: number;
}

export interface Sources {
  readonly current: Shape | undefined;
  /** The one before it. */
  readonly other: Shape | undefined;
  /** Returns to the other, halved every `HALF_LIFE_MS`. */
  readonly returns: number;
  readonly at: number;
}

const HALF_LIFE_MS = 60_000;
/** Returns that make two sources: a telephone is turned, and a camera chosen, less often. */
const RETURNS = { open: 4, close: 2 } as const;
/** Proportions that differ by less are the same: sides are rounded to pixels. */
const SAME_ASPECT = 0.06;

const isSame = (a: Shape, b: Shape): boolean =>
  a.via === b.via && Math.abs(Math.log(a.aspect / b.aspect)) < SAME_ASPECT;

export function takeShape(state: Sources, { width, height }: Detection, via: Shape['via'], at: number): Sources {
  const shape: Shape = { via, aspect: width / height };
  const returns = state.returns * 2 ** (-Math.max(0, at - state.at) / HALF_LIFE_MS);
  if (!state.current || isSame(shape, state.current)) return { ...state, current: state.current ?? shape, returns, at };
  const isReturn = state.other !== undefined && isSame(shape, state.other);
  return { current: shape, other: state.current, returns: returns + Number(isReturn), at };
}

/** Whether pictures come from two sources in turns. */
export const areTwo = ({ returns }: Sources, before: boolean): boolean =>
  returns >= (before ? RETURNS.close : RETURNS.open);
