import type { ListedSession } from '../../protocol/http/session-list.ts';
import type { Api } from '../shared/api.ts';
import { tabStorage } from '../shared/safe-storage.ts';

/** The list of sessions that a reviewer works through, kept until the tab is closed. */

const KEY = 'invigil.reviewList';

export interface ReviewList {
  /** Query of `GET /api/sessions` that it is from. */
  readonly query: string;
  /** In the order of the list, as far as it was read. */
  readonly sessions: readonly string[];
  /** Of the next page; null: there is none. */
  readonly cursor: string | null;
}

interface Page {
  readonly items: readonly Pick<ListedSession, 'id' | 'status'>[];
  readonly nextCursor: string | null;
}

export const rememberList = (list: ReviewList): void => tabStorage().setItem(KEY, JSON.stringify(list));

function rememberedList(): ReviewList | undefined {
  try {
    return (JSON.parse(tabStorage().getItem(KEY) ?? 'null') as ReviewList | null) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Pure: the session after this one; undefined at the end, or if the list does not have it. */
export function sessionAfter({ sessions }: ReviewList, session: string): string | undefined {
  const at = sessions.indexOf(session);
  return at < 0 ? undefined : sessions[at + 1];
}

/** Of the work of a person, or of nobody: the session that needs a look most, besides this one. */
async function mostNeeded(api: Pick<Api, 'get'>, reviewer: string, session: string): Promise<string | undefined> {
  const query = `needsReview=true&reviewer=${reviewer}&order=attention&limit=2`;
  const { items } = await api.get<Page>(`/api/sessions?${query}`);
  return items.find(({ id }) => id !== session)?.id;
}

/**
 * The session to review after this one: of those given to this person the one that needs a look most, then the next one
 * of the list that they came from, then one that is given to nobody. A list of sessions to be reviewed comes first.
 * Undefined: none.
 */
export async function nextSession(api: Pick<Api, 'get'>, session: string, me: string): Promise<string | undefined> {
  const list = rememberedList();
  const isInList = list?.sessions.includes(session) === true;
  const isWork = isInList && new URLSearchParams(list.query).has('needsReview');
  return (
    (isWork ? await nextOfList(api, list, session) : undefined) ??
    (await mostNeeded(api, me, session)) ??
    (isInList && !isWork ? await nextOfList(api, list, session) : undefined) ??
    (await mostNeeded(api, 'none', session))
  );
}

async function nextOfList(api: Pick<Api, 'get'>, list: ReviewList, session: string): Promise<string | undefined> {
  const known = sessionAfter(list, session);
  if (known !== undefined || list.cursor === null) return known;
  const page = await api.get<Page>(`/api/sessions?${list.query}&cursor=${encodeURIComponent(list.cursor)}`);
  const more = { ...list, sessions: [...list.sessions, ...page.items.map(({ id }) => id)], cursor: page.nextCursor };
  rememberList(more);
  return sessionAfter(more, session);
}
