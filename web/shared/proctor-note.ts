import type { Event } from '../../protocol/events.ts';
import { flagNote } from './flag-note.ts';
import { duration, zonedTimeOfDay } from './time-format.ts';
import { eventText } from './messages/events.ts';

/**
 * A proctor's message, reason or added time with the new end; the same fields of a client's event are ignored, as it must
 * not speak for staff. @param zone of the times
 */
export function proctorNote(event: Event, zone?: string): string | undefined {
  const { source, type, details } = event;
  if (source !== 'proctor') return undefined;
  const flag = flagNote(event);
  if (flag !== undefined) return flag;
  const { minutes, pausedMs, deadline } = details;
  const end = typeof deadline === 'string' ? eventText.newEnd(zonedTimeOfDay(deadline, zone)) : undefined;
  const length =
    type === 'SESSION_EXTENDED' && typeof minutes === 'number'
      ? eventText.minutesAdded(minutes)
      : type === 'SESSION_RESUMED' && typeof pausedMs === 'number'
        ? eventText.pausedFor(duration(pausedMs))
        : undefined;
  const added = length && [length, end].filter(Boolean).join(', ');
  const words = details['text'] ?? details['reason'];
  return [added, typeof words === 'string' ? words : undefined].filter(Boolean).join(' · ') || undefined;
}
