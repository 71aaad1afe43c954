import type { EventRow } from '../../../db/events.ts';
import type { Attention } from '../../../protocol/attention.ts';
import type { Policy } from '../../../protocol/policy.ts';
import { attendAll } from './attention.ts';

/** Columns of an event that attention depends on. */
export type AttendedRow = Pick<EventRow, 'type' | 'started_at' | 'ended_at' | 'review'>;

export const attendedEvent = ({ type, started_at: from, ended_at: to, review }: AttendedRow) => ({
  type,
  dismissed: review === 'dismissed',
  startedAt: from.getTime(),
  endedAt: to?.getTime() ?? null,
});

/** Highest attention of a session by its events: of all, and excluding dismissed ones. */
export function attentionOf(
  policy: Policy,
  events: readonly AttendedRow[],
): { readonly all: Attention; readonly reviewed: Attention } {
  const attended = events.map(attendedEvent);
  const reviewed = attendAll(policy, attended).peak;
  const all = attended.some(({ dismissed }) => dismissed)
    ? attendAll(
        policy,
        attended.map((event) => ({ ...event, dismissed: false })),
      ).peak
    : reviewed;
  return { all, reviewed };
}
