import type { Event } from '../../protocol/events.ts';
import { eventTitle, toneOf } from '../shared/event-name.ts';
import { SourceBadge } from '../shared/source-badge.tsx';
import { duration, timeOfDay } from '../shared/time-format.ts';
import { lanesOf, type Range, ticksOf } from './timeline.ts';

interface TimelineViewProps {
  readonly events: readonly Event[];
  readonly range: Range;
  /** ms. */
  readonly now: number;
  /** Whether it goes on: then the present is marked. */
  readonly live: boolean;
}

const share = (value: number) => `${(value * 100).toFixed(2)}%`;

/** Events by type along the exam's time. What it shows is also written in the list of events. */
export function TimelineView({ events, range, now, live }: TimelineViewProps) {
  const lanes = lanesOf(events, range, now);
  if (lanes.length === 0) return <p class="muted">Nothing so far.</p>;
  const ticks = ticksOf(range);
  const at = (time: number) => share((time - range.from) / (range.to - range.from));
  return (
    <div class="timeline">
      <ul class="plain lanes">
        {lanes.map(({ type, source, bars }) => (
          <li key={`${source} ${type}`} class="lane">
            <span class="lane-name small">
              {eventTitle({ type, source })} <span class="muted tabular">× {bars.length}</span>{' '}
              <SourceBadge source={source} />
            </span>
            <span class="lane-track" aria-hidden="true">
              {live && now > range.from && now < range.to && <span class="lane-now" style={{ left: at(now) }} />}
              {bars.map(({ event, left, width }) => (
                <span
                  key={event.id}
                  class={`bar ${event.review === 'dismissed' ? 'dismissed' : toneOf(event)}`}
                  style={{ left: share(left), width: share(width) }}
                  title={told(event)}
                />
              ))}
            </span>
          </li>
        ))}
      </ul>
      <div class="lane scale small muted tabular" aria-hidden="true">
        <span class="lane-name" />
        <span class="lane-track">
          {ticks.map((time) => (
            <span key={time} class="tick" style={{ left: at(time) }}>
              {timeOfDay(time).slice(0, 5)}
            </span>
          ))}
        </span>
      </div>
    </div>
  );
}

const told = (event: Event) =>
  `${timeOfDay(event.startedAt)}, ${event.endedAt === null ? 'going on' : event.durationMs ? duration(event.durationMs) : 'a moment'}`;
