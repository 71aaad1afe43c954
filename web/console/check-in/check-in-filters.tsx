import { CHECK_IN_STATES } from '../../../protocol/check-in-bounds.ts';
import type { Attendance } from '../../../protocol/http/attendance.ts';
import type { Exam } from '../../../protocol/http/exams.ts';
import type { Api } from '../../shared/api.ts';
import { SelectField } from '../../shared/select-field.tsx';
import { useLoaded } from '../../shared/use-loaded.ts';
import { t } from '../messages.ts';
import { hrefWith } from '../href-with.ts';
import type { CheckInFilter } from './check-in-filter.ts';

interface CheckInFiltersProps {
  readonly api: Api;
  readonly filter: CheckInFilter;
  readonly exams: readonly Exam[] | undefined;
}

/** State, exam and room. The choices are in the address. */
export function CheckInFilters({ api, filter, exams = [] }: CheckInFiltersProps) {
  const rooms =
    useLoaded(
      async () =>
        filter.exam === ''
          ? []
          : (await api.get<Attendance>(`/api/exams/${filter.exam}/attendance`)).rooms.flatMap(({ room }) => room ?? []),
      [api, filter.exam],
    ).value ?? [];
  const go = (change: Partial<CheckInFilter>) => location.assign(hrefWith('check-ins', filter, change));
  /** A value of the address that is not among the choices. */
  const also = (value: string, known: readonly string[], text: string) =>
    value === '' || known.includes(value) ? [] : [[value, text] as const];
  return (
    <div class="row check-in-filters">
      <SelectField<CheckInFilter['state']>
        label={t.checkIn.state}
        value={filter.state}
        options={[
          ['', t.checkIn.anyOpen],
          ...CHECK_IN_STATES.map((state) => [state, t.checkIn.states[state]] as const),
        ]}
        onChange={(state) => go({ state })}
      />
      <SelectField
        label={t.wall.exam}
        value={filter.exam}
        options={[
          ['', t.wall.all],
          ...also(
            filter.exam,
            exams.map(({ id }) => id),
            t.wall.exam,
          ),
          ...exams.map(({ id, title }) => [id, title] as const),
        ]}
        // Rooms are those of an exam.
        onChange={(exam) => go({ exam, room: '' })}
      />
      {filter.exam !== '' && (
        <SelectField
          label={t.wall.room}
          value={filter.room}
          options={[
            ['', t.wall.all],
            ...also(filter.room, rooms, filter.room),
            ...rooms.map((room) => [room, room] as const),
          ]}
          onChange={(room) => go({ room })}
        />
      )}
    </div>
  );
}
