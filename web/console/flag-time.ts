import type { Event } from '../../protocol/events.ts';
import { counts } from './review-state.ts';

/** Events whose time a flag can take, newest first. */
const MOST_OFFERED = 30;

/** Pure: what a person may point at in the timeline: incidents and signals, no acts of staff. @param events newest first */
export const flaggable = (events: readonly Event[]): readonly Event[] =>
  events.filter((event) => event.source !== 'proctor' && counts(event)).slice(0, MOST_OFFERED);

/** Pure: ms of a time such as 5:30 or 1:05:30 after the start; undefined for anything else. */
export function readOffset(text: string): number | undefined {
  const match = /^(?:(\d{1,2}):)?(\d{1,3}):(\d{2})$/.exec(text.trim());
  if (!match) return undefined;
  const [, hours = '0', minutes = '0', seconds = '0'] = match;
  if (Number(seconds) > 59 || (match[1] !== undefined && Number(minutes) > 59)) return undefined;
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}

/** Pure: an offset as it is typed. */
export function offsetText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (value: number) => String(value).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
