import type { Event } from '../../protocol/events.ts';
import type { Session } from '../../protocol/http/sessions.ts';
import type { Attempt } from './attempt.ts';
import { type Clockwork, leaveAndReturn, startWatched } from './picture-site.ts';
import type { TestServer } from './server.ts';

/**
 * Signals of a restless sitting by kind: how many, at which second the first one comes, and how many seconds lie
 * between two.
 */
const SIGNALS = [
  ['TAB_SWITCH', 30, 2, 13],
  ['WINDOW_BLUR', 30, 5, 13],
  ['COPY', 18, 8, 21],
  ['PASTE', 16, 11, 23],
  ['CONTEXT_MENU', 10, 14, 37],
  ['FULLSCREEN_EXIT', 8, 17, 50],
  ['SECOND_SCREEN', 4, 20, 100],
] as const;
/** Seconds at which the student leaves the picture. */
const ABSENCES = [60, 110, 160, 230, 300, 390];

/** 126 events in 7 minutes, of nine kinds; the camera repeats a picture four times. */
export const BUSY_EVENTS = 126;

/** Plays the sitting through the server and ends it. The clock starts at its present time. */
export async function sitRestlessly(
  site: TestServer,
  clock: Clockwork,
  { title = 'Statistics', student = 'Ada Restless' }: { readonly title?: string; readonly student?: string } = {},
): Promise<Attempt> {
  const attempt = await startWatched(site, { holds: { noFace: 1 } });
  await site.admin.request('PUT', `/api/exams/${attempt.exam.id}`, { title });
  await site.admin.request('PATCH', `/api/users/${attempt.student.userId}`, { name: student });
  const begin = clock.now;
  const acts = [
    ...SIGNALS.flatMap(([type, count, first, every]) =>
      Array.from({ length: count }, (_, i) => ({ second: first + i * every, type: type as string })),
    ),
    ...ABSENCES.map((second) => ({ second, type: 'NO_FACE' })),
  ].toSorted((a, b) => a.second - b.second);
  for (const { second, type } of acts) {
    clock.now = Math.max(clock.now, begin + second * 1000);
    if (type === 'NO_FACE') await leaveAndReturn(attempt, clock);
    else await attempt.student.post<Event>('/api/proctoring/event', { sessionId: attempt.session.id, type });
  }
  clock.now = begin + 7 * 60_000;
  await attempt.student.post<Session>(`/api/sessions/${attempt.session.id}/end`);
  return attempt;
}
