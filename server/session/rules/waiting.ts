import { LEAK } from './evidence.ts';

/**
 * Time without a frame while the client was connected, across its connections: neither a client that reconnects instead
 * of sending, nor one that sends a single frame on each connection, escapes by it. Times are server ms.
 */
export interface Waiting {
  /** When a frame last came, or when waiting for one on this connection began. */
  readonly since: number;
  /** No frame has come on this connection. */
  readonly frameless: boolean;
  /** Time since the last frame on connections before this one, ms. */
  readonly before: number;
  /** The part of it on connections that brought no frame at all, ms. A lost line is noticed late: other silence is its own. */
  readonly beforeFrameless: number;
  /** Since when there has been no connection. */
  readonly gapAt: number | undefined;
}

/** Of one connection, and of all, counts at most this much, ms. */
const MOST_MS = 10_000;

export const waitingFrom = (at: number): Waiting => ({
  since: at,
  frameless: true,
  before: 0,
  beforeFrameless: 0,
  gapAt: at,
});

export const frameCame = ({ gapAt }: Waiting, at: number): Waiting => ({
  since: at,
  frameless: false,
  before: 0,
  beforeFrameless: 0,
  gapAt,
});

/** Time without a frame, ms. */
export const silence = ({ since, before }: Waiting, at: number): number => Math.max(0, at - since) + before;

/** The same for a client that has not sent one since it connected. */
export const framelessSilence = ({ since, frameless, beforeFrameless }: Waiting, at: number): number =>
  Math.max(0, at - since) + (frameless ? beforeFrameless : 0);

/** The connection is gone. */
export function disconnected(waiting: Waiting, at: number): Waiting {
  if (waiting.gapAt !== undefined) return waiting;
  const { since, frameless, before, beforeFrameless } = waiting;
  const more = Math.max(0, at - since);
  return {
    since: at,
    frameless,
    before: Math.min(MOST_MS, before + more),
    beforeFrameless: frameless ? Math.min(MOST_MS, beforeFrameless + more) : 0,
    gapAt: at,
  };
}

/** A connection begins, after a gap or in place of another one. */
export function connectedAgain(waiting: Waiting, at: number): Waiting {
  const gap = gapOf(waiting, at);
  const { before, beforeFrameless } = disconnected(waiting, at);
  return {
    since: at,
    frameless: true,
    before: Math.max(0, before - LEAK * gap),
    beforeFrameless: Math.max(0, beforeFrameless - LEAK * gap),
    gapAt: undefined,
  };
}

/** Time since the last frame, when a gap begins: a lost line is noticed late. None in a gap that has begun already. ms */
export const noticedLate = ({ since, gapAt }: Waiting, at: number): number =>
  gapAt === undefined ? Math.max(0, at - since) : 0;

/** Length of the gap that ends, ms. */
export const gapOf = ({ gapAt }: Waiting, at: number): number => (gapAt === undefined ? 0 : Math.max(0, at - gapAt));
