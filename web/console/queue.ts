import type { SessionView } from '../../protocol/down.ts';
import { attentionOf } from './attention.tsx';

/** A session in the attention queue. */
export interface QueueEntry {
  readonly id: string;
  /** When it took its current place, ms. */
  readonly since: number;
}

export interface Candidate {
  readonly session: SessionView;
  /** Current rolling risk. */
  readonly rolling: number;
}

/** An entry keeps its place for this long, so that it can be read and clicked, ms. */
export const DWELL_MS = 6000;
export const QUEUE_LENGTH = 12;

/**
 * Pure: whether a running session has an open incident or attention above calm, and nobody has seen it since something
 * new happened.
 */
export function needsAttention(session: SessionView, seen: boolean): boolean {
  if (session.status === 'ended' || seen) return false;
  return attentionOf(session).level !== 'calm' || session.open.some((type) => type !== 'CONNECTION_LOST');
}

/** Pure: by attention, then recent risk, then the id, so that equal entries keep their order. */
export const byUrgency = (a: Candidate, b: Candidate): number =>
  Math.floor(attentionOf(b.session).value) - Math.floor(attentionOf(a.session).value) ||
  Math.round((b.rolling - a.rolling) * 10) ||
  a.session.score - b.session.score ||
  (a.session.id < b.session.id ? -1 : 1);

/**
 * Pure: the next state of the queue. Entries that took their place less than `DWELL_MS` ago keep it, even when they no
 * longer need attention; the other places go to the most urgent.
 */
export function stepQueue(
  queue: readonly QueueEntry[],
  candidates: readonly Candidate[],
  now: number,
): readonly QueueEntry[] {
  const pinned = new Map<number, QueueEntry>();
  queue.forEach((entry, place) => {
    if (now - entry.since < DWELL_MS) pinned.set(place, entry);
  });
  const kept = new Set([...pinned.values()].map(({ id }) => id));
  const waiting = candidates
    .filter(({ session }) => !kept.has(session.id))
    .sort(byUrgency)
    .map(({ session }) => session.id);
  // A leaving entry keeps its place while an entry behind it is pinned: entries must not move under the pointer.
  const needed = new Set(candidates.map(({ session }) => session.id));
  const leaving = queue.filter(({ id }) => !kept.has(id) && !needed.has(id));
  const lastPinned = Math.max(-1, ...pinned.keys());
  const next: QueueEntry[] = [];
  for (let place = 0; place < QUEUE_LENGTH; place++) {
    const entry = pinned.get(place);
    const id = entry ? undefined : waiting.shift();
    const filler = entry || id !== undefined || place > lastPinned ? undefined : leaving.shift();
    if (entry) next.push(entry);
    else if (id !== undefined) next.push(sameAt(queue[place], id) ?? { id, since: now });
    else if (filler) next.push(filler);
    else if (place > lastPinned) break;
  }
  const same = next.length === queue.length && next.every((entry, place) => entry === queue[place]);
  return same ? queue : next;
}

const sameAt = (entry: QueueEntry | undefined, id: string) => (entry?.id === id ? entry : undefined);
