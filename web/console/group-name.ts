import type { Event } from '../../protocol/events.ts';
import { eventTitle } from '../shared/event-name.ts';
import { number } from '../shared/messages/numbers.ts';
import { hoursAndMinutes, timeOfDay } from '../shared/time-format.ts';
import { spanOf } from './event-groups.ts';
import { t } from './messages.ts';

/** Pure: `12 × Left the tab`, or the title of a single event. Empty for no events. */
export function groupName(events: readonly Event[]): string {
  const [first] = events;
  if (!first) return '';
  if (events.length === 1) return eventTitle(first);
  const kinds = new Set(events.map(({ type, source }) => `${source} ${type}`));
  return t.review.group(number(events.length), kinds.size === 1 ? eventTitle(first) : t.review.ofSeveralKinds);
}

/** Pure: `10:02 to 10:09`, or with seconds within one minute. */
export function groupTime(events: readonly Event[], zone: string): string {
  const { from, to } = spanOf(events);
  const [first, last] = [hoursAndMinutes(from, zone), hoursAndMinutes(to, zone)];
  if (events.length === 1) return timeOfDay(from, zone);
  return first === last ? timeOfDay(from, zone) : t.review.fromTo(first, last);
}
