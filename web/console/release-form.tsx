import { useState } from 'preact/hooks';
import type { Event } from '../../protocol/events.ts';
import { MAX_DECIDING } from '../../protocol/review-bounds.ts';
import { eventTitle } from '../shared/event-name.ts';
import { useZone } from '../shared/shown-zone.ts';
import { zonedTimeOfDay } from '../shared/time-format.ts';
import { t } from './messages.ts';
import { counts } from './review-state.ts';

interface ReleaseFormProps {
  readonly events: readonly Event[];
  readonly busy: boolean;
  readonly onRelease: (events: readonly string[]) => void;
}

/** Releases the verdict with the events that decided it: at first the confirmed ones. */
export function ReleaseForm({ events, busy, onRelease }: ReleaseFormProps) {
  const zone = useZone();
  const weighed = events.filter((event) => event.review !== 'dismissed' && counts(event));
  const [chosen, setChosen] = useState<ReadonlySet<string>>(
    () =>
      new Set(
        weighed
          .filter(({ review }) => review === 'confirmed')
          .slice(0, MAX_DECIDING)
          .map(({ id }) => id),
      ),
  );
  const toggle = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    onRelease(weighed.map(({ id }) => id).filter((id) => chosen.has(id)));
  };
  return (
    <form class="stack tight" onSubmit={submit}>
      {weighed.length > 0 && (
        <fieldset class="plain stack tight deciding-events">
          <legend class="small">{t.verdicts.deciding}</legend>
          <p class="small muted">{t.verdicts.decidingNote}</p>
          {weighed.map((event) => (
            <label key={event.id} class="check">
              <input
                type="checkbox"
                checked={chosen.has(event.id)}
                disabled={!chosen.has(event.id) && chosen.size >= MAX_DECIDING}
                onChange={() => toggle(event.id)}
              />
              <span class="small">
                {eventTitle(event)} <span class="muted">{zonedTimeOfDay(event.startedAt, zone)}</span>
              </span>
            </label>
          ))}
        </fieldset>
      )}
      <div class="row">
        <button type="submit" class="primary" disabled={busy}>
          {t.verdicts.release}
        </button>
      </div>
    </form>
  );
}
