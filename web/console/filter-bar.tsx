import { ATTENTION_LEVELS } from '../../protocol/attention.ts';
import { INCIDENTS } from '../../protocol/event-types.ts';
import { eventText } from '../shared/messages/events.ts';
import { eventTitle } from '../shared/event-name.ts';
import { type Filter, isFiltering, NO_FILTER, PRESENCES } from './filters.ts';
import { t } from './messages.ts';

interface FilterBarProps {
  readonly filter: Filter;
  /** Rooms of the current sessions. */
  readonly rooms: readonly string[];
  readonly onChange: (filter: Filter) => void;
}

export function FilterBar({ filter, rooms, onChange }: FilterBarProps) {
  const set =
    (field: keyof Filter) => (event: Event & { readonly currentTarget: HTMLInputElement | HTMLSelectElement }) =>
      onChange({ ...filter, [field]: event.currentTarget.value });
  // The selected room stays in the list after its last session is gone, so that it can be deselected.
  const choices = filter.room && !rooms.includes(filter.room) ? [...rooms, filter.room] : rooms;
  return (
    <search class="row filters">
      <label>
        <span class="small">{t.wall.search}</span>
        <input type="search" value={filter.search} onInput={set('search')} placeholder={t.wall.searchPlaceholder} />
      </label>
      <label>
        <span class="small">{t.wall.attention}</span>
        <select value={filter.level} onChange={set('level')}>
          <option value="">{t.wall.all}</option>
          {ATTENTION_LEVELS.toReversed().map((level) => (
            <option key={level} value={level}>
              {eventText.attention[level]}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span class="small">{t.wall.incident}</span>
        <select value={filter.incident} onChange={set('incident')}>
          <option value="">{t.wall.all}</option>
          <option value="any">{t.wall.anyIncident}</option>
          {[...INCIDENTS, 'CONNECTION_LOST'].map((type) => (
            <option key={type} value={type}>
              {eventTitle({ type })}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span class="small">{t.wall.connection}</span>
        <select value={filter.connection} onChange={set('connection')}>
          <option value="">{t.wall.all}</option>
          {PRESENCES.map((presence) => (
            <option key={presence} value={presence}>
              {t.wall.presences[presence]}
            </option>
          ))}
        </select>
      </label>
      {choices.length > 0 && (
        <label>
          <span class="small">{t.wall.room}</span>
          <select value={filter.room} onChange={set('room')}>
            <option value="">{t.wall.all}</option>
            {choices.map((room) => (
              <option key={room} value={room}>
                {room}
              </option>
            ))}
          </select>
        </label>
      )}
      {isFiltering(filter) && <button onClick={() => onChange(NO_FILTER)}>{t.wall.clearFilters}</button>}
    </search>
  );
}
