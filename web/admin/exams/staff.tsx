import { useState } from 'preact/hooks';
import type { Assignment } from '../../../protocol/http/assignments.ts';
import type { Attendance } from '../../../protocol/http/attendance.ts';
import type { Exam } from '../../../protocol/http/exams.ts';
import type { Api } from '../../shared/api.ts';
import { Problem } from '../../shared/field.tsx';
import { PersonPicker } from '../../shared/person-picker.tsx';
import { readPages } from '../../shared/read-pages.ts';
import { SelectField } from '../../shared/select-field.tsx';
import { useAction } from '../../shared/use-action.ts';
import { useLoaded } from '../../shared/use-loaded.ts';
import { byRoomAndName } from '../by-room-and-name.ts';
import { t } from '../messages.ts';

interface StaffProps {
  readonly api: Api;
  readonly exam: Exam;
}

/** Proctors and reviewers of an exam or its rooms. */
export function Staff({ api, exam }: StaffProps) {
  const path = `/api/exams/${exam.id}/staff`;
  const { value, error, reload } = useLoaded(async () => {
    const [assigned, { rooms }] = await Promise.all([
      readPages<Assignment>(api, path),
      api.get<Attendance>(`/api/exams/${exam.id}/attendance`),
    ]);
    return { assigned, rooms: rooms.flatMap(({ room }) => (room === null ? [] : [room])) };
  }, [api, exam.id]);
  const action = useAction();
  const [room, setRoom] = useState('');
  const [done, setDone] = useState('');
  const assigned =
    value?.assigned.toSorted(byRoomAndName((row) => ({ ...row, name: row.userName, email: row.userEmail }))) ?? [];
  const where = (given: string | null) => (given === null ? t.staff.wholeExam : t.staff.roomName(given));
  return (
    <>
      {exam.staffAccess === 'all' && <p class="note">{t.staff.seenByAll}</p>}
      <section class="card stack form" aria-labelledby="assign">
        <h2 id="assign">{t.staff.assign}</h2>
        <SelectField
          label={t.staff.to}
          hint={t.staff.toHint}
          value={room}
          options={[
            ['', t.staff.wholeExam],
            ...(value?.rooms ?? []).map((name) => [name, t.staff.roomName(name)] as const),
          ]}
          onChange={setRoom}
        />
        <PersonPicker
          api={api}
          label={t.staff.search}
          roles={['proctor', 'reviewer']}
          organisation={exam.organisationId}
          action={t.staff.assignOne}
          busy={action.busy}
          onPick={(person) =>
            void action.run(async () => {
              await api.post(path, { userId: person.id, room: room || null });
              setDone(t.staff.assigned(person.name || person.email, where(room || null)));
              await reload();
            })
          }
        />
        <p class="small" role="status">
          {done}
        </p>
        <Problem>{action.error}</Problem>
      </section>
      <section class="stack" aria-labelledby="assigned">
        <h2 id="assigned">{t.staff.title}</h2>
        <Problem>{error}</Problem>
        {value && assigned.length === 0 && <p class="card muted">{t.staff.none}</p>}
        {assigned.length > 0 && (
          <ul class="plain stack tight" aria-labelledby="assigned">
            {assigned.map((row) => (
              <li key={row.id} class="card row between">
                <span>
                  <strong>{row.userName || row.userEmail}</strong> <span class="small muted">{row.userEmail}</span>
                  <br />
                  <span class="small">
                    {t.staff.roles[row.role]} · {where(row.room)}
                  </span>
                </span>
                <button
                  class="small"
                  disabled={action.busy}
                  aria-label={t.staff.removeOne(row.userName || row.userEmail, where(row.room))}
                  onClick={() =>
                    void action.run(async () => {
                      await api.delete(`${path}/${row.id}`);
                      setDone(t.staff.removed(row.userName || row.userEmail, where(row.room)));
                      await reload();
                    })
                  }
                >
                  {t.staff.remove}
                </button>
              </li>
            ))}
          </ul>
        )}
      </section>
    </>
  );
}
