import type { EventRow } from '../../../db/events.ts';
import type { ConversationItem } from '../../../protocol/http/conversation.ts';
import type { Marks } from './conversation.ts';

type Details = Marks & { readonly by?: string; readonly text?: string };

const KINDS: Readonly<Record<string, ConversationItem['kind']>> = {
  HAND_RAISED: 'hand_raised',
  HAND_LOWERED: 'hand_lowered',
};

/** People of the staff that an event of the conversation names. */
export function staffOf({ details }: EventRow): string[] {
  const { by, readBy } = details as Details;
  return [by, readBy].filter((id) => id !== undefined);
}

/** An event of the conversation. @param names of staff, as far as the reader may know them */
export function conversationItem(row: EventRow, names: ReadonlyMap<string, string>): ConversationItem {
  const details = row.details as Details & { readonly data?: { readonly text?: string } };
  const isStaff = row.source === 'proctor';
  const person = (id: string | undefined) => (id === undefined ? null : { id, name: names.get(id) ?? null });
  return {
    id: row.id,
    seq: row.seq,
    kind: KINDS[row.type] ?? 'message',
    from: isStaff ? 'staff' : 'student',
    staff: isStaff ? person(details.by) : null,
    at: row.started_at.toISOString(),
    text: (isStaff ? details.text : details.data?.text) ?? null,
    deliveredAt: details.deliveredAt ?? null,
    readAt: details.readAt ?? null,
    readBy: person(details.readBy),
  };
}
