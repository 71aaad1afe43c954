import pLimit from 'p-limit';
import type { Event } from '../protocol/events.ts';
import type { SimulatedStudent } from './student.ts';

const AT_ONCE = 4;

/** State of all signals and events after a run, read over the HTTP API. */
export interface StoreCheck {
  /** Stored signals of all students. */
  stored: number;
  /** Acknowledged but not stored. */
  missing: number;
  /** Stored more than once. */
  doubled: number;
  /** Stored and never sent. */
  unknown: number;
  /** Sessions whose events are not numbered 1, 2, 3, ... (E1). */
  misnumbered: number;
  /** Events sent to a student but not stored (E3). */
  echoedOnly: number;
  /** Finished sessions that have not ended. */
  notEnded: number;
}

/** @throws ApiError */
export async function checkStore(students: readonly SimulatedStudent[]): Promise<StoreCheck> {
  const total: StoreCheck = {
    stored: 0,
    missing: 0,
    doubled: 0,
    unknown: 0,
    misnumbered: 0,
    echoedOnly: 0,
    notEnded: 0,
  };
  const limit = pLimit(AT_ONCE);
  await Promise.all(
    students.map((student) =>
      limit(async () => {
        const events = await student.api.events(student.sessionId);
        countSignals(total, events, student);
        const ids = new Set(events.map((event) => event.id));
        if (events.some((event, i) => event.seq !== i + 1)) total.misnumbered++;
        total.echoedOnly += [...student.echoed].filter((id) => !ids.has(id)).length;
        if (student.over && (await student.api.session(student.sessionId)).status !== 'ended') total.notEnded++;
      }),
    ),
  );
  return total;
}

/** Signals of a student as needed for the check: numbered from 1 in `details.data.n`. */
export interface SignalNumbers {
  readonly issued: number;
  readonly acked: number;
}

export function countSignals(
  total: StoreCheck,
  events: readonly Pick<Event, 'source' | 'details'>[],
  { issued, acked }: SignalNumbers,
): void {
  const times = new Map<unknown, number>();
  for (const { source, details } of events) {
    if (source !== 'client') continue;
    const n = (details['data'] as { n?: unknown } | undefined)?.n;
    times.set(n, (times.get(n) ?? 0) + 1);
    total.stored++;
  }
  for (let n = 1; n <= acked; n++) if (!times.has(n)) total.missing++;
  for (const [n, count] of times) {
    if (typeof n !== 'number' || n < 1 || n > issued) total.unknown += count;
    else if (count > 1) total.doubled += count - 1;
  }
}
