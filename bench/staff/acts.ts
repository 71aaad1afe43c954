import { setTimeout as sleep } from 'node:timers/promises';
import { seeded } from '../../simulator/draw/prng.ts';
import { pause } from '../lean/stretch.ts';
import type { Person } from './person.ts';

export interface ActsDone {
  /** Acts that were committed, and those refused because somebody else was first. */
  readonly done: number;
  readonly crossed: number;
  readonly notes: number;
  /** From sending to the answer, ms. */
  readonly latencies: readonly number[];
  /** Other answers. */
  readonly faults: readonly string[];
}

/** Half of all acts are about these many sessions, so that people meet. */
const BUSY = 10;

/**
 * Everybody acts on sessions at random until time is up: half are marks of having seen one, the others are claims and
 * notes.
 */
export async function actFor(
  people: readonly Person[],
  sessions: readonly string[],
  { secs, everyMs, seed }: { readonly secs: number; readonly everyMs: number; readonly seed: number },
): Promise<ActsDone> {
  const random = seeded(seed);
  const total = { done: 0, crossed: 0, notes: 0 };
  const latencies: number[] = [];
  const faults: string[] = [];
  const until = performance.now() + secs * 1000;

  async function act(person: Person): Promise<void> {
    const session =
      sessions[Math.floor(random() * (random() < 0.5 ? Math.min(BUSY, sessions.length) : sessions.length))]!;
    const path = `/api/sessions/${session}`;
    const kind = random();
    const holder = person.teams.get(session)?.claim?.by.id ?? null;
    const to = holder === person.id ? null : person.id;
    const from = performance.now();
    const { status } =
      kind < 0.5
        ? await person.send('POST', `${path}/seen`, { attention: 50 })
        : kind < 0.8
          ? await person.send('PUT', `${path}/claim`, { to, holder })
          : await person.send('POST', `${path}/notes`, { text: 'A note of the benchmark' });
    latencies.push(performance.now() - from);
    if (status === 200 || status === 201) {
      total.done += 1;
      if (kind >= 0.8) total.notes += 1;
    } else if (status === 409) total.crossed += 1;
    else faults.push(`an act was answered ${status}`);
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
