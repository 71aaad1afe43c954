import { isStudentWord } from '../../../protocol/event-types.ts';
import type { Event } from '../../../protocol/events.ts';
import type { ConversationItem } from '../../../protocol/http/conversation.ts';

const KINDS: Readonly<Record<string, ConversationItem['kind']>> = {
  HAND_RAISED: 'hand_raised',
  HAND_LOWERED: 'hand_lowered',
};

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

function itemOf({ id, seq, type, source, startedAt, details }: Event): ConversationItem | undefined {
  const isStaff = source === 'proctor';
  if (!(isStaff ? type === 'PROCTOR_MESSAGE' || type === 'HAND_LOWERED' : source === 'client' && isStudentWord(type)))
    return undefined;
  const data = (details['data'] ?? {}) as Readonly<Record<string, unknown>>;
  const person = (user: unknown) => (typeof user === 'string' ? { id: user, name: null } : null);
  return {
    id,
    seq,
    kind: KINDS[type] ?? 'message',
    from: isStaff ? 'staff' : 'student',
    staff: isStaff ? person(details['by']) : null,
    at: startedAt,
    text: text(isStaff ? details['text'] : data['text']),
    deliveredAt: text(details['deliveredAt']),
    readAt: text(details['readAt']),
    readBy: person(details['readBy']),
  };
}

/**
 * The conversation in a session's events, oldest first. Events come at once; the list that was loaded knows names, and
 * marks that were made while there was no connection.
 */
export function talkItems(events: readonly Event[], loaded: readonly ConversationItem[]): ConversationItem[] {
  const known = new Map(loaded.map((item) => [item.id, item]));
  const names = new Map(
    loaded.flatMap(({ staff, readBy }) => [staff, readBy]).map((person) => [person?.id, person?.name ?? null]),
  );
  const named = (person: ConversationItem['staff']) =>
    person && { id: person.id, name: person.name ?? names.get(person.id) ?? null };
  for (const event of events) {
    const item = itemOf(event);
    if (!item) continue;
    const before = known.get(item.id);
    known.set(
      item.id,
      before
        ? {
            ...before,
            deliveredAt: item.deliveredAt ?? before.deliveredAt,
            readAt: item.readAt ?? before.readAt,
            readBy: before.readBy ?? item.readBy,
          }
        : item,
    );
  }
  return [...known.values()]
    .map((item) => ({ ...item, staff: named(item.staff), readBy: named(item.readBy) }))
    .toSorted((a, b) => a.seq - b.seq);
}
