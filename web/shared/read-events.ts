import type { Event } from '../../protocol/events.ts';
import type { Api } from './api.ts';
import { readPages } from './read-pages.ts';

/** Far more than an exam produces; further pages are not read. */
const MAX_PAGES = 100;

/** All events of a session, oldest first. */
export const readEvents = (api: Api, session: string): Promise<Event[]> =>
  readPages<Event>(api, `/api/proctoring/attempt/${session}/events`, MAX_PAGES);
