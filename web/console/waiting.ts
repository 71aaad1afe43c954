import type { SessionView } from '../../protocol/down.ts';

/** Pure: hands before messages, the longest raised first, then the most unread. */
export function byWaiting(
  { conversation: a, startedAt: x }: Pick<SessionView, 'conversation' | 'startedAt'>,
  { conversation: b, startedAt: y }: Pick<SessionView, 'conversation' | 'startedAt'>,
): number {
  const [handA, handB] = [a?.hand ?? null, b?.hand ?? null];
  if (handA !== null && handB !== null) return handA.localeCompare(handB);
  if (handA !== null || handB !== null) return handA !== null ? -1 : 1;
  return (b?.unread ?? 0) - (a?.unread ?? 0) || x.localeCompare(y);
}
