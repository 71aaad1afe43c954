import type { Event } from '../../protocol/events.ts';
import { eventTitle, toneOf } from './event-name.ts';
import { eventText } from './messages/events.ts';
import { proctorNote } from './proctor-note.ts';
import { requestNote } from './request-note.ts';
import { studentNote } from './student-note.ts';
import { SourceBadge } from './source-badge.tsx';
import { useZone } from './shown-zone.ts';
import { duration, timeOfDay } from './time-format.ts';

interface EventListProps {
  /** Newest first. */
  readonly events: readonly Event[];
  /** Shown when there are no events. */
  readonly empty: string;
  /** Name of the author of an act of staff, where the reader may know it. */
  readonly authorOf?: (event: Event) => string | undefined;
}

export function EventList({ events, empty, authorOf }: EventListProps) {
  const zone = useZone();
  if (events.length === 0) return <p class="muted">{empty}</p>;
  return (
    <ol class="events">
      {events.map((event) => (
        <li key={event.id}>
          <time dateTime={event.startedAt}>{timeOfDay(event.startedAt, zone)}</time>
          <span>
            <span class={`what ${toneOf(event)}`}>{eventTitle(event)}</span>
            <span class="lasting">{lengthOf(event)}</span>
            <SourceBadge source={event.source} />
          </span>
          {event.weight > 0 && <span class={`badge ${toneOf(event)}`}>+{event.weight}</span>}
          {requestNote(event) && <span class="detail">{requestNote(event)}</span>}
          {studentNote(event) && <span class="detail">{studentNote(event)}</span>}
          {proctorNote(event) && <span class="detail">{proctorNote(event, zone)}</span>}
          {authorOf?.(event) && <span class="detail">{eventText.by(authorOf(event)!)}</span>}
          {event.review && <span class="detail">{eventText.reviewed[event.review]}</span>}
        </li>
      ))}
    </ol>
  );
}

function lengthOf({ endedAt, durationMs }: Event): string {
  if (endedAt === null) return eventText.ongoing;
  return durationMs ? duration(durationMs) : '';
}
