import { useMemo } from 'preact/hooks';
import type { Event } from '../../../protocol/events.ts';
import type { ConversationItem } from '../../../protocol/http/conversation.ts';
import type { Api } from '../api.ts';
import { readPages } from '../read-pages.ts';
import { useLoaded } from '../use-loaded.ts';
import { talkItems } from './talk-items.ts';

/** Conversation of a session, from its events. @param connection changes when events may have been missed */
export function useTalk(
  api: Api,
  session: string,
  events: readonly Event[],
  connection: unknown,
): readonly ConversationItem[] {
  const told = useMemo(() => talkItems(events, []), [events]);
  // Names of people who have not been seen yet.
  const people = [...new Set(told.flatMap(({ staff, readBy }) => [staff?.id, readBy?.id]))].join();
  const { value } = useLoaded(
    () => readPages<ConversationItem>(api, `/api/sessions/${session}/conversation`),
    [api, session, people, connection],
  );
  return useMemo(() => talkItems(events, value ?? []), [events, value]);
}
