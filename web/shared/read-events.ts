import type { Event } from '../../protocol/events.ts';
import type { Api } from './api.ts';

const PAGE = 200;
/** Far more than an exam produces; further pages are not read. */
const MAX_PAGES = 100;

/** All events of a session, oldest first. */
export async function readEvents(api: Api, session: string): Promise<Event[]> {
  const events: Event[] = [];
  let cursor = '';
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const page = await api.get<{ items: Event[]; nextCursor: string | null }>(
      `/api/proctoring/attempt/${session}/events?limit=${PAGE}${cursor}`,
    );
    events.push(...page.items);
    if (page.nextCursor === null) break;
    cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`;
  }
  return events;
}
