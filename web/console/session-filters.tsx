import type { Exam } from '../../protocol/http/exams.ts';
import { eventTitle } from '../shared/event-name.ts';
import { Field } from '../shared/field.tsx';
import { SearchField } from '../shared/search-field.tsx';
import { SelectField } from '../shared/select-field.tsx';
import { eventText } from '../shared/messages/events.ts';
import { t } from './messages.ts';
import { hrefWith } from './href-with.ts';
import { hrefOf } from './route.ts';
import { CHOICES, filterQuery, NO_FILTER, type SessionFilter } from './session-filter.ts';

interface SessionFiltersProps {
  readonly filter: SessionFilter;
  readonly exams: readonly Exam[] | undefined;
  /** Of the chosen exam. */
  readonly rooms: readonly string[] | undefined;
  /** People to whom sessions are given. */
  readonly reviewers: readonly { readonly id: string; readonly name: string }[];
}

/** Filter of the list of sessions. Its choices are in the address, so that it can be bookmarked. */
export function SessionFilters({ filter, exams = [], rooms, reviewers }: SessionFiltersProps) {
  const set = (change: Partial<SessionFilter>, { replace = false } = {}) => {
    const href = hrefWith('sessions', filter, change);
    if (replace) location.replace(href);
    else location.assign(href);
  };
  const isKnownReviewer =
    ['', 'me', 'none'].includes(filter.reviewer) || reviewers.some(({ id }) => id === filter.reviewer);
  const known = exams.some(({ id }) => id === filter.exam) || filter.exam === '';
  const select = <T extends string>(
    label: string,
    value: T,
    choices: readonly T[],
    texts: Readonly<Record<T, string>>,
    change: (value: T) => Partial<SessionFilter>,
  ) => (
    <SelectField
      label={label}
      value={value}
      options={choices.map((each) => [each, texts[each]] as const)}
      onChange={(chosen) => set(change(chosen))}
    />
  );
  const any = { '': t.wall.all };
  const incidents = Object.fromEntries(
    CHOICES.incident.map((type) => [type, type === '' ? t.wall.all : eventTitle({ type })]),
  ) as Readonly<Record<SessionFilter['incident'], string>>;
  return (
    <div class="session-filters">
      <SelectField
        label={t.wall.exam}
        value={filter.exam}
        options={[
          ['', t.wall.all],
          ...(known ? [] : [[filter.exam, t.wall.exam] as const]),
          ...exams.map(({ id, title }) => [id, title] as const),
        ]}
        // Rooms are those of an exam.
        onChange={(exam) => set({ exam, room: '' })}
      />
      <SearchField label={t.sessions.student} value={filter.q} onSearch={(q) => set({ q }, { replace: true })} />
      {rooms ? (
        <SelectField
          key="rooms"
          label={t.wall.room}
          value={filter.room}
          options={[
            ['', t.wall.all],
            ...(filter.room === '' || rooms.includes(filter.room) ? [] : [[filter.room, filter.room] as const]),
            ...rooms.map((room) => [room, room] as const),
          ]}
          onChange={(room) => set({ room })}
        />
      ) : (
        <SearchField
          key="room"
          label={t.sessions.wholeRoom}
          value={filter.room}
          onSearch={(room) => set({ room }, { replace: true })}
        />
      )}
      {select<SessionFilter['reviewed']>(
        t.sessions.reviewed,
        filter.reviewed,
        CHOICES.reviewed,
        t.sessions.reviewedChoices,
        (reviewed) => ({ reviewed }),
      )}
      <SelectField
        label={t.sessions.reviewer}
        value={filter.reviewer}
        options={[
          ['', t.wall.all],
          ['me', t.sessions.reviewers.me],
          ['none', t.sessions.reviewers.none],
          ...(isKnownReviewer ? [] : [[filter.reviewer, t.sessions.reviewerChosen] as const]),
          ...reviewers.map(({ id, name }) => [id, name] as const),
        ]}
        onChange={(reviewer) => set({ reviewer })}
      />
      {select<SessionFilter['attention']>(
        t.wall.attention,
        filter.attention,
        CHOICES.attention,
        { ...eventText.attention, ...any },
        (attention) => ({ attention }),
      )}
      {select<SessionFilter['level']>(
        t.sessions.firstLevel,
        filter.level,
        CHOICES.level,
        { ...t.wall.levels, ...any },
        (level) => ({ level }),
      )}
      {select<SessionFilter['status']>(
        t.session.status,
        filter.status,
        CHOICES.status,
        { ...t.sessions.statuses, ...any },
        (status) => ({ status }),
      )}
      {select<SessionFilter['incident']>(
        t.sessions.incident,
        filter.incident,
        CHOICES.incident,
        incidents,
        (incident) => ({ incident }),
      )}
      {select<SessionFilter['end']>(t.sessions.end, filter.end, CHOICES.end, { ...t.sessions.ends, ...any }, (end) => ({
        end,
      }))}
      <Field
        label={t.sessions.from}
        type="date"
        value={filter.from}
        max={filter.to || undefined}
        onChange={({ currentTarget }) => set({ from: currentTarget.value })}
      />
      <Field
        label={t.sessions.to}
        type="date"
        value={filter.to}
        min={filter.from || undefined}
        onChange={({ currentTarget }) => set({ to: currentTarget.value })}
      />
      {select<SessionFilter['order']>(t.sessions.order, filter.order, CHOICES.order, t.sessions.orders, (order) => ({
        order,
      }))}
      {filterQuery(filter) !== '' && (
        <a class="button" href={hrefOf({ page: 'sessions', filter: NO_FILTER })}>
          {t.wall.clearFilters}
        </a>
      )}
    </div>
  );
}
