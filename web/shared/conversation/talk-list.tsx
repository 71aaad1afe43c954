import { useEffect, useRef } from 'preact/hooks';
import type { ConversationItem } from '../../../protocol/http/conversation.ts';
import { talk } from '../messages/conversation.ts';
import { useZone } from '../shown-zone.ts';
import { hoursAndMinutes } from '../time-format.ts';

interface TalkListProps {
  readonly items: readonly ConversationItem[];
  /** Whose page it is. */
  readonly reader: ConversationItem['from'];
  /** Own messages that the server does not have yet. */
  readonly waiting?: readonly { readonly text: string; readonly at: string }[];
  readonly labelledBy: string;
}

/** Both sides of a conversation, oldest first, scrolled to its end. */
export function TalkList({ items, reader, waiting = [], labelledBy }: TalkListProps) {
  const zone = useZone();
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (list.current) list.current.scrollTop = list.current.scrollHeight;
  }, [items.length, waiting.length]);
  if (items.length === 0 && waiting.length === 0) return <p class="muted small">{talk.none}</p>;
  return (
    <div ref={list} class="talk-scroll" role="log" aria-labelledby={labelledBy} tabIndex={0}>
      <ol class="talk plain">
        {items.map((item) =>
          item.kind === 'message' ? (
            <li key={item.id} class={item.from === reader ? 'mine' : 'theirs'}>
              <p class="talk-who small">
                <b>{authorOf(item, reader)}</b>{' '}
                <time dateTime={item.at} class="muted tabular">
                  {hoursAndMinutes(item.at, zone)}
                </time>
              </p>
              <p class="talk-text">{item.text}</p>
              {item.from === reader && <p class="muted small">{stateOf(item, zone)}</p>}
            </li>
          ) : (
            <li key={item.id} class="talk-hand muted small">
              {handText(item, reader)}{' '}
              <time dateTime={item.at} class="tabular">
                {hoursAndMinutes(item.at, zone)}
              </time>
            </li>
          ),
        )}
        {waiting.map(({ text, at }) => (
          <li key={at + text} class="mine">
            <p class="talk-who small">
              <b>{talk.you}</b>
            </p>
            <p class="talk-text">{text}</p>
            <p class="muted small">{talk.waiting}</p>
          </li>
        ))}
      </ol>
    </div>
  );
}

function authorOf({ from, staff }: ConversationItem, reader: ConversationItem['from']): string {
  if (from === 'student') return reader === 'student' ? talk.you : talk.student;
  return staff?.name ?? talk.staff;
}

function stateOf({ deliveredAt, readAt, readBy }: ConversationItem, zone: string | undefined): string {
  if (readAt === null) return deliveredAt === null ? talk.sent : talk.delivered;
  const time = hoursAndMinutes(readAt, zone);
  return readBy?.name ? talk.readBy(time, readBy.name) : talk.read(time);
}

function handText({ kind, from, staff }: ConversationItem, reader: ConversationItem['from']): string {
  const whose = reader === 'student' ? 'mine' : 'theirs';
  if (kind === 'hand_raised') return talk.handRaised[whose];
  return from === 'student' ? talk.handLowered[whose] : talk.handLoweredBy(staff?.name ?? talk.staff);
}
