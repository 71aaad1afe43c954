import type { z } from 'zod';
import type { Source } from '../../protocol/event-types.ts';
import type { Event } from '../../protocol/events.ts';
import type { MyAttempt as Schema, TypeTally } from '../../protocol/http/attempts.ts';
import { eventTitle } from '../shared/event-name.ts';
import { SourceBadge } from '../shared/source-badge.tsx';
import { duration } from '../shared/time-format.ts';
import { t } from './messages.ts';

export type MyAttempt = z.infer<typeof Schema>;

/** Count, total time and weight of each event type. */
export function Tally({
  attempt: { counts },
  events,
}: {
  readonly attempt: MyAttempt;
  readonly events: readonly Event[];
}) {
  const sources = new Map(events.map(({ type, source }) => [type, source]));
  if (counts.length === 0) return <p>{t.noneRecorded}</p>;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={t.totals}>
      <table class="tally">
        <thead>
          <tr>
            <th scope="col">{t.event}</th>
            <th scope="col">{t.count}</th>
            <th scope="col">{t.totalTime}</th>
            <th scope="col">{t.weight}</th>
          </tr>
        </thead>
        <tbody>{counts.map((tally) => row(tally, sources.get(tally.type)))}</tbody>
      </table>
    </div>
  );
}

const row = ({ type, count, weight, seconds }: TypeTally, source: Source | undefined) => (
  <tr key={type}>
    <th scope="row">
      {eventTitle({ type, source })} {source && <SourceBadge source={source} />}
    </th>
    <td>{count}</td>
    <td>{seconds > 0 ? duration(seconds * 1000) : '–'}</td>
    <td>{weight}</td>
  </tr>
);
