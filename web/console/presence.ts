import type { SessionView } from '../../protocol/down.ts';
import { duration, timeOfDay } from '../shared/time-format.ts';

/** Younger than this a picture needs no mention, ms. */
const FRESH_MS = 10_000;

/** Where a session stands, in a few words. `now` in ms. */
export function presence({ status, connected, endedAt, lastFrameAt }: SessionView, now: number): string {
  if (status === 'ended') return endedAt ? `Ended at ${timeOfDay(endedAt)}` : 'Ended';
  const pause = status === 'paused' ? 'Paused · ' : '';
  if (!connected) return `${pause}Not connected`;
  const age = lastFrameAt === null ? undefined : now - Date.parse(lastFrameAt);
  const picture = age === undefined ? 'no picture yet' : age < FRESH_MS ? 'picture live' : `last picture ${duration(age)} ago`;
  return `${pause}Connected · ${picture}`;
}
