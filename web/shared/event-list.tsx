import type { Event } from '../../protocol/events.ts';
import { eventTitle, toneOf } from './event-name.ts';
import { SourceBadge } from './source-badge.tsx';
import { duration, timeOfDay } from './time-format.ts';

interface EventListProps {
  /** Newest first. */
  readonly events: readonly Event[];
  readonly none: string;
}

export function EventList({ events, none }: EventListProps) {
  if (events.length === 0) return <p class="muted">{none}</p>;
  return (
    <ol class="events">
      {events.map((event) => (
        <li key={event.id}>
          <time dateTime={event.startedAt}>{timeOfDay(event.startedAt)}</time>
          <span>
            <span class={`what ${toneOf(event)}`}>{eventTitle(event)}</span>
            <span class="lasting">{lasting(event)}</span>
            <SourceBadge source={event.source} />
          </span>
          {event.weight > 0 && <span class={`badge ${toneOf(event)}`}>+{event.weight}</span>}
          {said(event) && <span class="detail">{said(event)}</span>}
          {event.review && <span class="detail">A person has {event.review} it.</span>}
        </li>
      ))}
    </ol>
  );
}

function lasting({ endedAt, durationMs }: Event): string {
  if (endedAt === null) return 'going on';
  return durationMs ? duration(durationMs) : '';
}

/** What a proctor wrote, where one did: a client can say nothing in their name. */
function said({ source, details }: Event): string | undefined {
  if (source !== 'proctor') return undefined;
  const words = details['text'] ?? details['reason'];
  return typeof words === 'string' ? words : undefined;
}
