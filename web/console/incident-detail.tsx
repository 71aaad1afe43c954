import type { Event } from '../../protocol/events.ts';
import type { z } from 'zod';
import type { Person, Review } from '../../protocol/http/reviews.ts';
import type { Api } from '../shared/api.ts';
import { eventTitle, toneOf } from '../shared/event-name.ts';
import { SourceBadge } from '../shared/source-badge.tsx';
import { useZone } from '../shared/shown-zone.ts';
import { dateAndTime, duration, zonedTimeOfDay } from '../shared/time-format.ts';
import type { AskedDecision } from './decide-dialog.tsx';
import { Evidence } from './evidence.tsx';
import { t } from './messages.ts';
import { personName } from './person-name.ts';
import type { PictureCache } from './picture-cache.ts';
import { ReviewBadge } from './review-badge.tsx';
import { detailLines } from './event-details.ts';
import { isDecidable } from './review-state.ts';

interface IncidentDetailProps {
  readonly api: Api;
  readonly event: Event;
  /** Reviews of this event, newest first. */
  readonly reviews: readonly Review[];
  readonly pictures: PictureCache;
  readonly played: number;
  readonly onDecide: (decision: AskedDecision) => void;
  /** Undefined without a decision. */
  readonly onUndo: (() => void) | undefined;
  /** Names of authors of acts. */
  readonly staff: readonly z.infer<typeof Person>[];
}

/** One incident with its images, details and decisions. */
export function IncidentDetail({
  api,
  event,
  reviews,
  pictures,
  played,
  onDecide,
  onUndo,
  staff,
}: IncidentDetailProps) {
  const zone = useZone();
  const { endedAt, durationMs } = event;
  const length = endedAt === null ? t.review.ongoing : durationMs ? duration(durationMs) : t.review.instant;
  return (
    <section class="card stack" aria-labelledby="incident-title">
      <div class="row between">
        <h2 id="incident-title" class={toneOf(event)}>
          {eventTitle(event)}
        </h2>
        <ReviewBadge review={event.review} />
      </div>
      <p class="small">
        {t.review.source} <SourceBadge source={event.source} />
      </p>
      <p class="small muted">
        {zonedTimeOfDay(event.startedAt, zone)} · {length} · {t.review.weight(event.weight)}
      </p>
      <Evidence
        key={event.id}
        api={api}
        event={event.id}
        version={event.endedAt ?? ''}
        pictures={pictures}
        played={played}
      />
      <dl class="facts small">
        {detailLines(event, staff, zone).map(({ name, text }) => (
          <>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </>
        ))}
      </dl>
      {isDecidable(event) ? (
        <div key="decide" class="row">
          <button onClick={() => onDecide('confirmed')}>{t.review.confirm}</button>
          <button onClick={() => onDecide('dismissed')}>{t.review.dismiss}</button>
          <button disabled={!onUndo} onClick={onUndo}>
            {t.review.undo}
          </button>
        </div>
      ) : (
        <p class="small muted">{t.review.notDecided}</p>
      )}
      {reviews.length > 0 && (
        <div class="stack tight">
          <h3>{t.review.history}</h3>
          <ol class="plain stack tight small">
            {reviews.map((review) => (
              <li key={review.id}>
                <ReviewBadge review={review.decision} /> {review.reason}
                <span class="muted">
                  {' '}
                  · {personName(review.by)}, {dateAndTime(review.at, zone)}
                </span>
              </li>
            ))}
          </ol>
        </div>
      )}
    </section>
  );
}
