import type { EventRow } from '../../db/events.ts';
import type { ConversationItem } from '../../protocol/http/conversation.ts';
import { conversationItem } from '../session/record/conversation-view.ts';

/** Pure: the conversation in a report, a line for each message and each hand. */
export function conversationLines(
  events: readonly EventRow[],
  staff: readonly { readonly id: string; readonly name: string }[],
  student: string,
  moment: (at: Date) => string,
): string[] {
  const names = new Map(staff.map(({ id, name }) => [id, name]));
  return events.map((event) => {
    const item = conversationItem(event, names);
    const who = item.from === 'student' ? student : (item.staff?.name ?? 'staff');
    const when = moment(event.started_at);
    if (item.kind === 'hand_raised') return `${when}: ${who} raised a hand.`;
    if (item.kind === 'hand_lowered')
      return item.from === 'student'
        ? `${when}: ${who} lowered the hand.`
        : `${when}: ${who} lowered the student's hand.`;
    return `${when}, ${who}: ${item.text ?? ''} (${marksOf(item, moment)})`;
  });
}

function marksOf({ from, deliveredAt, readAt, readBy }: ConversationItem, moment: (at: Date) => string): string {
  if (readAt !== null) return `read ${moment(new Date(readAt))}${readBy ? ` by ${readBy.name ?? 'staff'}` : ''}`;
  if (deliveredAt !== null) return `delivered ${moment(new Date(deliveredAt))}, not marked as read`;
  return from === 'student' ? 'not marked as read' : 'not marked as delivered';
}
