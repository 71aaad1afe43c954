import type { Event } from '../../protocol/events.ts';
import { eventTitle, toneOf } from '../shared/event-name.ts';
import { proctorNote } from '../shared/proctor-note.ts';
import { requestNote } from '../shared/request-note.ts';
import { SourceBadge } from '../shared/source-badge.tsx';
import { useZone } from '../shared/shown-zone.ts';
import { duration, hoursAndMinutes, zonedTimeOfDay } from '../shared/time-format.ts';
import { t } from './messages.ts';
import { lanesOf, type Range, ticksOf } from './timeline.ts';

interface TimelineViewProps {
  readonly events: readonly Event[];
  readonly range: Range;
  /** ms. */
  readonly now: number;
  /** Whether the session is running: the current time is marked then. */
  readonly live: boolean;
  /** Name of the author of an act of staff. */
  readonly authorOf: (event: Event) => string | undefined;
}

const share = (value: number) => `${(value * 100).toFixed(2)}%`;

/** Events by type over the course of the exam; the event list has the same content as text. */
export function TimelineView({ events, range, now, live, authorOf }: TimelineViewProps) {
  const zone = useZone();
  const lanes = lanesOf(events, range, now);
  if (lanes.length === 0) return <p class="muted">{t.session.nothingYet}</p>;
  const ticks = ticksOf(range);
  const at = (time: number) => share((time - range.from) / (range.to - range.from));
  return (
    <div class="timeline">
      <ul class="plain lanes">
        {lanes.map(({ type, source, bars }) => (
          <li key={`${source} ${type}`} class="lane">
            <span class="lane-name small">
              {eventTitle({ type, source })} <span class="muted tabular">{t.session.times(bars.length)}</span>{' '}
              <SourceBadge source={source} />
            </span>
            <span class="lane-track" aria-hidden="true">
              {live && now > range.from && now < range.to && <span class="lane-now" style={{ left: at(now) }} />}
              {bars.map(({ event, left, width }) => (
                <span
                  key={event.id}
                  class={`bar ${event.review === 'dismissed' ? 'dismissed' : toneOf(event)}`}
                  style={{ left: share(left), width: share(width) }}
                  title={describe(event, zone, authorOf(event))}
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
              {hoursAndMinutes(time, zone)}
            </span>
          ))}
        </span>
      </div>
    </div>
  );
}

const describe = (event: Event, zone: string, author: string | undefined) => {
  const { startedAt, endedAt, durationMs } = event;
  const length = endedAt === null ? t.session.ongoing : durationMs ? duration(durationMs) : t.session.instant;
  return [zonedTimeOfDay(startedAt, zone), length, requestNote(event), proctorNote(event, zone), author]
    .filter(Boolean)
    .join(', ');
};
