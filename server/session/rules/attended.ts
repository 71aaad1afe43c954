import type { EventRow } from '../../../db/events.ts';
import type { Attention } from '../../../protocol/attention.ts';
import type { Policy } from '../../../protocol/policy.ts';
import { attendAll } from './attention.ts';
import { isFlag } from './flag-event.ts';
import { countedIn } from './last-gap.ts';

/** Columns of an event that attention depends on. */
export type AttendedRow = Pick<
  EventRow,
  'type' | 'source' | 'started_at' | 'ended_at' | 'review' | 'weight' | 'details'
>;

export const attendedEvent = (row: AttendedRow) => {
  const { type, started_at: from, ended_at: to, review, weight } = row;
  const endedAt = to?.getTime() ?? null;
  const counted = type === 'CONNECTION_LOST' ? countedIn(row.details) : undefined;
  return {
    type,
    dismissed: review === 'dismissed',
    // A flag is of one moment: its length says what the person looked at.
    startedAt: isFlag(row) ? (endedAt ?? from.getTime()) : from.getTime(),
    endedAt,
    ...(isFlag(row) && { times: weight }),
    ...(counted !== undefined && { counted }),
  };
};

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
