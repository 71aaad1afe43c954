import type { Event } from '../../protocol/events.ts';
import { eventText } from './messages/events.ts';

/** A proctor's message, reason or added time; the same fields of a client's event are ignored, as it must not speak for staff. */
export function proctorNote({ source, type, details }: Event): string | undefined {
  if (source !== 'proctor') return undefined;
  const { minutes } = details;
  const added =
    type === 'SESSION_EXTENDED' && typeof minutes === 'number' ? eventText.minutesAdded(minutes) : undefined;
  const words = details['text'] ?? details['reason'];
  return [added, typeof words === 'string' ? words : undefined].filter(Boolean).join(' · ') || undefined;
}
