import { INCIDENTS, LEVELS } from '../../protocol/event-types.ts';
import { eventTitle } from '../shared/event-name.ts';
import { type Filter, isFiltering, NO_FILTER, type Presence } from './filters.ts';

interface FilterBarProps {
  readonly filter: Filter;
  /** Rooms that are there. */
  readonly rooms: readonly string[];
  readonly onChange: (filter: Filter) => void;
}

const PRESENCE_NAMES: Readonly<Record<Presence, string>> = {
  connected: 'Connected',
  away: 'Not connected',
  paused: 'Paused',
  ended: 'Ended',
};

export function FilterBar({ filter, rooms, onChange }: FilterBarProps) {
  const set =
    (field: keyof Filter) => (event: Event & { readonly currentTarget: HTMLInputElement | HTMLSelectElement }) =>
      onChange({ ...filter, [field]: event.currentTarget.value });
  // The one that is asked for can be chosen off again when its last session is gone.
  const choices = filter.room && !rooms.includes(filter.room) ? [...rooms, filter.room] : rooms;
  return (
    <search class="row filters">
      <label>
        <span class="small">Search</span>
        <input type="search" value={filter.search} onInput={set('search')} placeholder="Name" />
      </label>
      <label>
        <span class="small">Level</span>
        <select value={filter.level} onChange={set('level')}>
          <option value="">All</option>
          {LEVELS.toReversed().map((level) => (
            <option key={level}>{level}</option>
          ))}
        </select>
      </label>
      <label>
        <span class="small">Incident</span>
        <select value={filter.incident} onChange={set('incident')}>
          <option value="">All</option>
          <option value="any">Any that lasts</option>
          {[...INCIDENTS, 'CONNECTION_LOST'].map((type) => (
            <option key={type} value={type}>
              {eventTitle({ type })}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span class="small">Connection</span>
        <select value={filter.connection} onChange={set('connection')}>
          <option value="">All</option>
          {Object.entries(PRESENCE_NAMES).map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {choices.length > 0 && (
        <label>
          <span class="small">Room</span>
          <select value={filter.room} onChange={set('room')}>
            <option value="">All</option>
            {choices.map((room) => (
              <option key={room} value={room}>
                {room}
              </option>
            ))}
          </select>
        </label>
      )}
      {isFiltering(filter) && <button onClick={() => onChange(NO_FILTER)}>Show all</button>}
    </search>
  );
}
