import { isDeepStrictEqual } from 'node:util';
import type { SessionView } from '../../protocol/down.ts';
import type { Conversation } from '../../protocol/http/conversation.ts';
import type { Team } from '../../protocol/team.ts';
import { pause } from '../lean/stretch.ts';
import type { Person } from './person.ts';

/** Until the last update has arrived, ms. */
const SETTLE_MS = 30_000;

/** What is stored when everybody is done. */
export interface Truth {
  readonly teams: ReadonlyMap<string, Team>;
  readonly conversations: ReadonlyMap<string, SessionView['conversation']>;
  /** Ids of all messages. */
  readonly messages: ReadonlySet<string>;
  readonly byStudents: number;
  readonly byStaff: number;
}

/**
 * States as a console that comes now is told, and messages as the API lists them.
 * @param late has no console yet
 * @param people what they were told, it is told, too
 */
export async function readTruth(
  late: Person,
  people: readonly Person[],
  exam: string,
  sessions: readonly string[],
  failed: (reason: string) => void,
): Promise<Truth> {
  await late.watch(exam, failed);
  if (people.some(({ told }) => told > 0)) {
    const until = performance.now() + SETTLE_MS;
    while (late.told === 0 && performance.now() < until) await pause(50);
  }
  late.close();
  const items = [];
  for (const session of sessions)
    if (late.conversations.get(session)) items.push(...(await conversationOf(late, session)));
  const messages = items.filter(({ kind }) => kind === 'message');
  const by = (from: string) => messages.filter((item) => item.from === from).length;
  return {
    teams: late.teams,
    conversations: late.conversations,
    messages: new Set(messages.map(({ id }) => id)),
    byStudents: by('student'),
    byStaff: by('staff'),
  };
}

async function conversationOf(person: Person, session: string): Promise<Conversation['items']> {
  const items: Conversation['items'] = [];
  for (let cursor = ''; ;) {
    const { body } = await person.send('GET', `/api/sessions/${session}/conversation?limit=200${cursor}`);
    const page = body as Conversation;
    items.push(...page.items);
    if (page.nextCursor === null) return items;
    cursor = `&cursor=${page.nextCursor}`;
  }
}

/** Sessions and messages that consoles lack when time is up, each counted once for each console. */
export async function lacking(
  people: readonly Person[],
  { teams, messages }: Truth,
): Promise<{ readonly sessions: number; readonly messages: number }> {
  const lacks = () => ({
    sessions: people.reduce(
      (sum, person) => sum + [...teams].filter(([id, team]) => !isDeepStrictEqual(person.teams.get(id), team)).length,
      0,
    ),
    messages: people.reduce((sum, person) => sum + [...messages].filter((id) => !person.messages.has(id)).length, 0),
  });
  const until = performance.now() + SETTLE_MS;
  for (let now = lacks(); ; now = lacks()) {
    if ((now.sessions === 0 && now.messages === 0) || performance.now() > until) return now;
    await pause(100);
  }
}
