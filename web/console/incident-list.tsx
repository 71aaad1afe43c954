import type { RefObject } from 'preact';
import type { Event } from '../../protocol/events.ts';
import type { SessionEvidence } from '../../protocol/http/evidence.ts';
import { toneOf } from '../shared/event-name.ts';
import { number } from '../shared/messages/numbers.ts';
import { SourceBadge } from '../shared/source-badge.tsx';
import { useZone } from '../shared/shown-zone.ts';
import { duration } from '../shared/time-format.ts';
import { groupName, groupTime } from './group-name.ts';
import type { IncidentRow } from './incident-rows.ts';
import { t } from './messages.ts';
import type { PictureCache } from './picture-cache.ts';
import { ReviewBadge } from './review-badge.tsx';
import { isDecidable } from './review-state.ts';
import { Thumbnail } from './thumbnail.tsx';

interface IncidentListProps {
  readonly list: RefObject<HTMLOListElement | null>;
  readonly rows: readonly IncidentRow[];
  readonly current: string | undefined;
  readonly unfolded: ReadonlySet<string>;
  /** Ids of events. */
  readonly selected: ReadonlySet<string>;
  readonly pending: ReadonlySet<string>;
  readonly images: ReadonlyMap<string, readonly SessionEvidence[]>;
  readonly pictures: PictureCache;
  readonly onChoose: (row: string) => void;
  readonly onFold: (row: string) => void;
  readonly onSelect: (row: IncidentRow) => void;
}

/** Incidents by kind, burst and event, each with its first picture. */
export function IncidentList({ list, rows, current, onChoose, onFold, onSelect, ...shared }: IncidentListProps) {
  return (
    <ol class={`plain incidents ${shared.images.size > 0 ? 'with-pictures' : ''}`} ref={list}>
      {rows.map((row) => (
        <li key={row.key} class={`incident-row level-${row.level}`}>
          <Row
            {...shared}
            row={row}
            isCurrent={row.key === current}
            onChoose={() => onChoose(row.key)}
            onFold={() => onFold(row.key)}
            onSelect={() => onSelect(row)}
          />
        </li>
      ))}
    </ol>
  );
}

type RowProps = Pick<IncidentListProps, 'unfolded' | 'selected' | 'pending' | 'images' | 'pictures'> & {
  readonly row: IncidentRow;
  readonly isCurrent: boolean;
  readonly onChoose: () => void;
  readonly onFold: () => void;
  readonly onSelect: () => void;
};

function Row({ row, isCurrent, unfolded, selected, pending, images, pictures, ...on }: RowProps) {
  const zone = useZone();
  const { events, hasParts, key } = row;
  const [first] = events;
  if (!first) return null;
  const name = groupName(events);
  const decidable = events.filter(isDecidable);
  const picture = events.flatMap(({ id }) => images.get(id) ?? [])[0];
  const lasted =
    events.length === 1 ? first.durationMs : events.reduce((sum, event) => sum + (event.durationMs ?? 0), 0);
  return (
    <>
      {decidable.length > 0 ? (
        <input
          type="checkbox"
          class="incident-select"
          aria-label={t.review.select(name, groupTime(events, zone))}
          checked={decidable.every(({ id }) => selected.has(id))}
          onChange={on.onSelect}
        />
      ) : (
        <span key="no-select" />
      )}
      <button
        key="incident"
        class="incident"
        aria-current={isCurrent ? 'true' : undefined}
        aria-expanded={hasParts ? unfolded.has(key) : undefined}
        onClick={on.onChoose}
        onDblClick={hasParts ? on.onFold : undefined}
      >
        {picture ? <Thumbnail pictures={pictures} id={picture.id} /> : images.size > 0 && <span key="no-picture" />}
        <span class={`incident-name ${toneOf(first)}`}>
          {name} <SourceBadge source={first.source} />
          <span class="small muted tabular incident-time">
            {groupTime(events, zone)}
            {lasted ? ` · ${duration(lasted)}` : ''} · {t.review.weight(weightOf(events))}
          </span>
        </span>
        {decidable.length > 0 ? <Decided events={decidable} pending={pending} /> : <span />}
      </button>
      {hasParts ? (
        <button
          class="small fold"
          aria-label={unfolded.has(key) ? t.review.fold(name) : t.review.unfold(name)}
          onClick={on.onFold}
        >
          {unfolded.has(key) ? '▾' : '▸'}
        </button>
      ) : (
        <span />
      )}
    </>
  );
}

/** Fractions of weights leave no rounding residue. */
export const weightOf = (events: readonly Event[]): number =>
  Math.round(events.reduce((sum, { weight }) => sum + weight, 0) * 100) / 100;

/** The decision, if it is one for all; else how many are decided. */
export function Decided({
  events,
  pending,
}: {
  readonly events: readonly Event[];
  readonly pending: ReadonlySet<string>;
}) {
  if (events.some(({ id }) => pending.has(id))) return <span class="badge">{t.review.sending}</span>;
  const reviews = new Set(events.map(({ review }) => review));
  const [only = null] = reviews;
  if (reviews.size <= 1) return <ReviewBadge review={only} />;
  const decided = events.filter(({ review }) => review !== null).length;
  return <span class="badge">{t.review.decidedOf(number(decided), number(events.length))}</span>;
}
