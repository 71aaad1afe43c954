import { runningAttention } from '../../../db/running-attention.ts';
import type { Executor } from '../../../db/executor.ts';
import type { RankedPlace } from '../../../db/ranked-place.ts';
import type { SessionFilter } from '../../../db/session-filter.ts';
import type { Attention } from '../../../protocol/attention.ts';
import type { Policy } from '../../../protocol/policy.ts';
import { attentionAt, NO_ATTENTION } from '../rules/attention.ts';

/** A running session as lists order and filter it. */
export interface RunningSession {
  readonly id: string;
  readonly attention: Attention;
  readonly reviewedScore: number;
  readonly levels: Policy['levels'];
}

/** Running sessions of a filter with their attention at a time, server ms. */
export async function runningSessions(ex: Executor, filter: SessionFilter, at: number): Promise<RunningSession[]> {
  const found: RunningSession[] = [];
  for await (const some of runningAttention(ex, filter))
    for (const { id, parts, policy, reviewedScore } of some) {
      const attention = attentionAt(policy, parts === null ? NO_ATTENTION : { ...NO_ATTENTION, parts }, at);
      const { attention: level, minAttention = 0 } = filter;
      if (attention.value < minAttention || (level !== undefined && attention.level !== level)) continue;
      found.push({ id, attention, reviewedScore, levels: policy.levels });
    }
  return found;
}

/** Pure: the first sessions after a place, highest value first, then newest. */
export function ranked<T extends { readonly id: string }>(
  sessions: readonly T[],
  valueOf: (session: T) => number,
  { after, limit }: { readonly after: RankedPlace | undefined; readonly limit: number },
): T[] {
  const placed = sessions.map((session) => ({ session, place: { value: valueOf(session), id: session.id } }));
  return placed
    .filter(({ place }) => after === undefined || byPlace(after, place) < 0)
    .toSorted((a, b) => byPlace(a.place, b.place))
    .slice(0, limit)
    .map(({ session }) => session);
}

/** Order of places: highest value first, then newest. */
const byPlace = (a: RankedPlace, b: RankedPlace): number =>
  b.value - a.value || (a.id === b.id ? 0 : a.id > b.id ? -1 : 1);
