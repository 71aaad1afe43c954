import { setTimeout as sleep } from 'node:timers/promises';
import { seeded } from '../../simulator/draw/prng.ts';
import type { SessionCommandsAnswer } from '../../protocol/http/session-commands.ts';
import { pause } from '../lean/stretch.ts';
import type { Person } from './person.ts';

export interface ActsDone {
  /** Acts that were committed, and those refused because somebody else was first. */
  readonly done: number;
  readonly crossed: number;
  readonly notes: number;
  readonly messages: number;
  /** From sending to the answer, ms. */
  readonly latencies: readonly number[];
  /** Other answers. */
  readonly faults: readonly string[];
}

/** Half of all acts are about these many sessions, so that people meet. */
const BUSY = 10;

type Kind = 'seen' | 'claim' | 'note' | 'message' | 'read';
/** Share of each kind of act, cumulated. */
const SHARES: readonly (readonly [Kind, number])[] = [
  ['seen', 0.4],
  ['claim', 0.6],
  ['note', 0.7],
  ['message', 0.9],
  ['read', 1],
];

/**
 * Everybody acts on sessions at random until time is up: marks of having seen one, claims, notes, messages to the
 * student, and marks of having read the student's.
 */
export async function actFor(
  people: readonly Person[],
  sessions: readonly string[],
  { secs, everyMs, seed }: { readonly secs: number; readonly everyMs: number; readonly seed: number },
): Promise<ActsDone> {
  const random = seeded(seed);
  const total = { done: 0, crossed: 0, notes: 0, messages: 0 };
  const latencies: number[] = [];
  const faults: string[] = [];
  const until = performance.now() + secs * 1000;

  async function act(person: Person): Promise<void> {
    const any = sessions[Math.floor(random() * (random() < 0.5 ? Math.min(BUSY, sessions.length) : sessions.length))]!;
    const drawn = random();
    const kind = SHARES.find(([, share]) => drawn < share)![0];
    // A mark is about a question that this console has.
    const [session = any, upTo] = kind === 'read' ? ([...person.unread][0] ?? []) : [];
    if (kind === 'read' && upTo === undefined) return;
    const from = performance.now();
    const { status, body } = await send(person, kind, session, upTo);
    latencies.push(performance.now() - from);
    if (kind === 'read' && person.unread.get(session) === upTo) person.unread.delete(session);
    const isDone = kind === 'message' ? (body as SessionCommandsAnswer).done?.length === 1 : status < 300;
    if (isDone) {
      total.done += 1;
      if (kind === 'note') total.notes += 1;
      if (kind === 'message') total.messages += 1;
    } else if (status === 409) total.crossed += 1;
    else faults.push(`${kind} was answered ${status}`);
  }

  await Promise.all(
    people.map(async (person, n) => {
      await sleep((everyMs * n) / people.length);
      while (performance.now() < until) {
        const next = performance.now() + everyMs;
        await act(person);
        await pause(Math.max(0, next - performance.now()));
      }
    }),
  );
  return { ...total, latencies, faults };
}

function send(person: Person, kind: Kind, session: string, upTo: number | undefined) {
  const path = `/api/sessions/${session}`;
  switch (kind) {
    case 'seen':
      return person.send('POST', `${path}/seen`, { attention: 50 });
    case 'claim': {
      const holder = person.teams.get(session)?.claim?.by.id ?? null;
      return person.send('PUT', `${path}/claim`, { to: holder === person.id ? null : person.id, holder });
    }
    case 'note':
      return person.send('POST', `${path}/notes`, { text: 'A note of the benchmark' });
    case 'message':
      return person.send('POST', '/api/sessions/commands', {
        do: 'message',
        text: 'A message of the benchmark',
        sessions: [session],
      });
    case 'read':
      return person.send('PUT', `${path}/conversation/read`, { upTo });
  }
}
