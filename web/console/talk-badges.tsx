import type { SessionView } from '../../protocol/down.ts';
import { Ticking } from '../shared/ticking.tsx';
import { duration } from '../shared/time-format.ts';
import { t } from './messages.ts';

/** Whether the student has raised a hand, and the number of messages that nobody has read. */
export function TalkBadges({ session: { status, conversation } }: { readonly session: SessionView }) {
  if (status === 'ended' || !conversation) return null;
  const { hand, unread } = conversation;
  if (hand === null && unread === 0) return null;
  return (
    <span class="row tight">
      {hand !== null && (
        <span class="badge talk-badge" title={t.conversation.hand}>
          <Icon path="M4 8V4.2a1 1 0 0 1 2 0V7M6 7V2.8a1 1 0 0 1 2 0V7m0 0V3.2a1 1 0 0 1 2 0V8m0-2.6a1 1 0 0 1 2 0V10c0 2.6-1.7 4.5-4.2 4.5-2 0-3-.9-3.9-2.6L2.4 9.4a1 1 0 0 1 1.6-1.2L4 8.4" />
          <span class="unseen">{t.conversation.hand}</span>
        </span>
      )}
      {unread > 0 && (
        <span class="badge talk-badge" title={t.conversation.unread(unread)}>
          <Icon path="M2 4h12v8H2zl6 5 6-5" />
          <span aria-hidden="true">{t.conversation.unreadShort(unread)}</span>
          <span class="unseen">{t.conversation.unread(unread)}</span>
        </span>
      )}
    </span>
  );
}

/** The same in words. */
export function TalkWords({ hand, unread }: NonNullable<SessionView['conversation']>) {
  return (
    <p class="small">
      {hand !== null && (
        <Ticking text={(now) => t.conversation.handSince(duration(Math.max(0, now - Date.parse(hand))))} />
      )}
      {hand !== null && unread > 0 && ' · '}
      {unread > 0 && t.conversation.unread(unread)}
    </p>
  );
}

/** Drawn, since fonts of many machines have no such signs. */
const Icon = ({ path }: { readonly path: string }) => (
  <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
    <path
      d={path}
      fill="none"
      stroke="currentColor"
      stroke-width="1.4"
      stroke-linecap="round"
      stroke-linejoin="round"
    />
  </svg>
);
