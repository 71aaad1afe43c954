import type { Event } from '../../protocol/events.ts';
import type { SessionEvidence } from '../../protocol/http/evidence.ts';
import { toneOf } from '../shared/event-name.ts';
import { number } from '../shared/messages/numbers.ts';
import { SourceBadge } from '../shared/source-badge.tsx';
import { useZone, zoneName } from '../shared/shown-zone.ts';
import { duration, timeOfDay } from '../shared/time-format.ts';
import type { AskedDecision } from './decide-dialog.tsx';
import { FrameStrip } from './frame-strip.tsx';
import { groupName, groupTime } from './group-name.ts';
import { Decided, weightOf } from './incident-list.tsx';
import { t } from './messages.ts';
import type { PictureCache } from './picture-cache.ts';
import { ReviewBadge } from './review-badge.tsx';
import { isDecidable } from './review-state.ts';

interface GroupDetailProps {
  readonly events: readonly Event[];
  /** Whether the person has put it together. */
  readonly isSelection: boolean;
  readonly images: ReadonlyMap<string, readonly SessionEvidence[]>;
  readonly pictures: PictureCache;
  readonly played: number;
  readonly pending: ReadonlySet<string>;
  /** Number of events that a decision now concerns. */
  readonly concerned: number;
  readonly onDecide: (decision: AskedDecision) => void;
}

/** Events that are decided about together: their pictures as a strip, and each of them in a line. */
export function GroupDetail({ events, isSelection, images, pictures, played, pending, ...more }: GroupDetailProps) {
  const zone = useZone();
  const [first] = events;
  if (!first) return null;
  const frames = events.flatMap(({ id }) => images.get(id) ?? []).toSorted((a, b) => a.at.localeCompare(b.at));
  const decidable = events.filter(isDecidable);
  const { concerned, onDecide } = more;
  return (
    <section class="card stack" aria-labelledby="incident-title">
      <div class="row between">
        <h2 id="incident-title" class={toneOf(first)}>
          {isSelection ? t.review.selection(number(events.length)) : groupName(events)}
        </h2>
        {decidable.length > 0 && <Decided events={decidable} pending={pending} />}
      </div>
      <p class="small muted">
        {groupTime(events, zone)} ({zoneName(zone, first.startedAt)}) · {t.review.weight(weightOf(events))}
      </p>
      {frames.length > 0 && <FrameStrip pictures={pictures} frames={frames} played={played} />}
      {decidable.length > 0 ? (
        <div key="decide" class="row">
          <button onClick={() => onDecide('confirmed')}>{t.review.confirmAll(number(concerned))}</button>
          <button onClick={() => onDecide('dismissed')}>{t.review.dismissAll(number(concerned))}</button>
        </div>
      ) : (
        <p class="small muted">{t.review.notDecided}</p>
      )}
      <div class="group-events" tabIndex={0} role="region" aria-label={t.review.groupEvents}>
        <ol class="plain small">
          {events.map((event) => (
            <li key={event.id}>
              <span class="tabular">{timeOfDay(event.startedAt, zone)}</span>
              <span>
                {isSelection ? groupName([event]) : ''}{' '}
                {event.endedAt === null ? t.review.ongoing : event.durationMs ? duration(event.durationMs) : ''}{' '}
                {isSelection && <SourceBadge source={event.source} />}
              </span>
              {isDecidable(event) ? <ReviewBadge review={event.review} /> : <span />}
            </li>
          ))}
        </ol>
      </div>
    </section>
  );
}
