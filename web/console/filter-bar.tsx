import { ATTENTION_LEVELS } from '../../protocol/attention.ts';
import { INCIDENTS } from '../../protocol/event-types.ts';
import { eventText } from '../shared/messages/events.ts';
import { eventTitle } from '../shared/event-name.ts';
import { CLAIM_FILTERS, type Filter, isFiltering, NO_FILTER, PRESENCES, TALKS } from './filters.ts';
import { t } from './messages.ts';
import { changePrefs } from './use-prefs.ts';

interface FilterBarProps {
  readonly filter: Filter;
  /** Rooms of the current sessions. */
  readonly rooms: readonly string[];
  readonly open: boolean;
  readonly onChange: (filter: Filter) => void;
}

/** Filters of the wall in one row. Folded, it keeps the search and says how many filters are set. */
export function FilterBar({ filter, rooms, open, onChange }: FilterBarProps) {
  const { search: _search, ...choosable } = filter;
  const count = Object.values(choosable).filter((value) => value !== '').length;
  const set =
    (field: keyof Filter) => (event: Event & { readonly currentTarget: HTMLInputElement | HTMLSelectElement }) =>
      onChange({ ...filter, [field]: event.currentTarget.value });
  // The selected room stays in the list after its last session is gone, so that it can be deselected.
  const choices = filter.room && !rooms.includes(filter.room) ? [...rooms, filter.room] : rooms;
  return (
    <search class="row filters">
      <label>
        <span class="unseen">{t.wall.search}</span>
        <input type="search" value={filter.search} onInput={set('search')} placeholder={t.wall.searchPlaceholder} />
      </label>
      <button
        class="filters-fold"
        aria-expanded={open}
        aria-controls="wall-filters"
        onClick={() => changePrefs({ filters: !open })}
      >
        {t.wall.filters(count)}
      </button>
      <div id="wall-filters" class="row" hidden={!open}>
        <label>
          <span class="unseen">{t.wall.attention}</span>
          <select value={filter.level} onChange={set('level')}>
            <option value="">{t.wall.allOf(t.wall.attention)}</option>
            {ATTENTION_LEVELS.toReversed().map((level) => (
              <option key={level} value={level}>
                {eventText.attention[level]}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span class="unseen">{t.wall.incident}</span>
          <select value={filter.incident} onChange={set('incident')}>
            <option value="">{t.wall.allOf(t.wall.incident)}</option>
            <option value="any">{t.wall.anyIncident}</option>
            {[...INCIDENTS, 'CONNECTION_LOST'].map((type) => (
              <option key={type} value={type}>
                {eventTitle({ type })}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span class="unseen">{t.wall.connection}</span>
          <select value={filter.connection} onChange={set('connection')}>
            <option value="">{t.wall.allOf(t.wall.connection)}</option>
            {PRESENCES.map((presence) => (
              <option key={presence} value={presence}>
                {t.wall.presences[presence]}
              </option>
            ))}
          </select>
        </label>
        <label class="wide">
          <span class="unseen">{t.wall.claim}</span>
          <select value={filter.claim} onChange={set('claim')}>
            <option value="">{t.wall.allOf(t.wall.claim)}</option>
            {CLAIM_FILTERS.map((claim) => (
              <option key={claim} value={claim}>
                {t.wall.claims[claim]}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span class="unseen">{t.conversation.filter}</span>
          <select value={filter.talk} onChange={set('talk')}>
            <option value="">{t.wall.allOf(t.conversation.filter)}</option>
            {TALKS.map((talk) => (
              <option key={talk} value={talk}>
                {t.conversation.filters[talk]}
              </option>
            ))}
          </select>
        </label>
        {choices.length > 0 && (
          <label>
            <span class="unseen">{t.wall.room}</span>
            <select value={filter.room} onChange={set('room')}>
              <option value="">{t.wall.allOf(t.wall.room)}</option>
              {choices.map((room) => (
                <option key={room} value={room}>
                  {room}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      {isFiltering(filter) && <button onClick={() => onChange(NO_FILTER)}>{t.wall.clearFilters}</button>}
    </search>
  );
}
