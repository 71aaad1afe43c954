import type { SessionView } from '../../protocol/down.ts';
import { duration, zonedTimeOfDay } from '../shared/time-format.ts';
import { t } from './messages.ts';

/** Images younger than this count as live, ms. */
const FRESH_MS = 10_000;

/** Whether an image of this time counts as live; undefined: there was none. Both in ms. */
export const isFresh = (lastFrameAt: number | undefined, now: number): boolean =>
  lastFrameAt !== undefined && now - lastFrameAt < FRESH_MS;

/** Status of a session and the age of its last image. `now` and `lastFrameAt` in ms. */
export function presence(
  { status, connected, endedAt, pausedAt }: SessionView,
  lastFrameAt: number | undefined,
  now: number,
  zone?: string,
): string {
  const { wall } = t;
  if (status === 'ended') return endedAt ? wall.endedAt(zonedTimeOfDay(endedAt, zone)) : wall.ended;
  const state =
    status !== 'paused'
      ? wall.connected
      : pausedAt
        ? wall.pausedFor(rough(Math.max(0, now - Date.parse(pausedAt))))
        : wall.paused;
  if (!connected) return status === 'paused' ? wall.pausedNotConnected(state) : wall.notConnected;
  const age = lastFrameAt === undefined ? undefined : now - lastFrameAt;
  const image = age === undefined ? wall.noImageYet : age < FRESH_MS ? wall.imageLive : wall.imageAge(rough(age));
  return `${state} · ${image}`;
}

/** For a small tile: whatever keeps its picture from being live, and the time that is left. */
export function shortState(session: SessionView, lastFrameAt: number | undefined, now: number): string {
  const { wall } = t;
  const { status, connected, pausedAt, deadline } = session;
  if (status === 'ended') return wall.ended;
  const image =
    lastFrameAt === undefined || isFresh(lastFrameAt, now) ? undefined : wall.imageAge(rough(now - lastFrameAt));
  const left =
    deadline === null
      ? undefined
      : timeLeft(pausedAt ? { ...session, pausedAt: null } : session, pausedAt ? Date.parse(pausedAt) : now);
  return [status === 'paused' ? wall.paused : undefined, connected ? image : wall.notConnected, left]
    .filter((part) => part !== undefined)
    .join(' · ');
}

/** In one unit, for a narrow line. */
const rough = (ms: number) => duration(ms < 60_000 ? ms : Math.floor(ms / 60_000) * 60_000);

/** Remaining time, in whole minutes until the last five; during a pause it stands still. */
export function timeLeft({ status, deadline, pausedAt }: SessionView, now: number): string {
  if (status === 'ended') return '';
  if (!deadline) return t.wall.noTimeLimit;
  const left = Date.parse(deadline) - (pausedAt ? Date.parse(pausedAt) : now);
  if (left <= 0) return t.wall.timeUp;
  const text = left > 5 * 60_000 ? duration(Math.ceil(left / 60_000) * 60_000) : duration(left);
  return pausedAt ? t.wall.timeLeftPaused(text) : t.wall.timeLeft(text);
}
