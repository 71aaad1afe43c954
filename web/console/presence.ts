import type { SessionView } from '../../protocol/down.ts';
import { duration, timeOfDay } from '../shared/time-format.ts';

/** Younger than this a picture needs no mention, ms. */
const FRESH_MS = 10_000;

/** Where a session stands, in a few words. `now` and `lastFrameAt` in ms. */
export function presence(
  { status, connected, endedAt }: SessionView,
  lastFrameAt: number | undefined,
  now: number,
): string {
  if (status === 'ended') return endedAt ? `Ended at ${timeOfDay(endedAt)}` : 'Ended';
  if (!connected) return status === 'paused' ? 'Paused · not connected' : 'Not connected';
  const age = lastFrameAt === undefined ? undefined : now - lastFrameAt;
  const picture = age === undefined ? 'no picture yet' : age < FRESH_MS ? 'picture live' : `picture ${rough(age)} old`;
  return `${status === 'paused' ? 'Paused' : 'Connected'} · ${picture}`;
}

/** In one unit: it stands on a narrow line. */
const rough = (ms: number) => duration(ms < 60_000 ? ms : Math.floor(ms / 60_000) * 60_000);

/** How much time is left, in minutes until the last five. */
export function timeLeft({ status, deadline }: SessionView, now: number): string {
  if (status === 'ended') return '';
  if (!deadline) return 'No time limit';
  const left = Date.parse(deadline) - now;
  if (left <= 0) return 'Time is up';
  return `${left > 5 * 60_000 ? duration(Math.ceil(left / 60_000) * 60_000) : duration(left)} left`;
}
