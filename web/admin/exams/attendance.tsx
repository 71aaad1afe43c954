import { useEffect, useState } from 'preact/hooks';
import type { Attendance as Counts, AttendanceState, Attendee } from '../../../protocol/http/attendance.ts';
import type { Exam } from '../../../protocol/http/exams.ts';
import type { Api } from '../../shared/api.ts';
import { at } from '../../shared/base-path.ts';
import { Problem } from '../../shared/field.tsx';
import { ListTable } from '../../shared/list-table.tsx';
import { common } from '../../shared/messages/common.ts';
import { number } from '../../shared/messages/numbers.ts';
import { readPages } from '../../shared/read-pages.ts';
import { ResultDownloads } from '../../shared/result-downloads.tsx';
import { SelectField } from '../../shared/select-field.tsx';
import { useLoaded } from '../../shared/use-loaded.ts';
import { timeInZone } from '../../shared/zone-format.ts';
import { byRoomAndName } from '../by-room-and-name.ts';
import { t } from '../messages.ts';
import { ExamTimes } from './exam-times.tsx';

/** While the page is open, ms. */
const REFRESH_MS = 20_000;
/** States as shown: who has started without a picture yet is checked in, and not counted as running. */
type ShownState = AttendanceState | 'checkedIn' | 'anonymised';
const STATES: readonly ShownState[] = ['missing', 'checkedIn', 'running', 'finished', 'anonymised'];

const shownState = ({ state, checkedIn, anonymised }: Attendee): ShownState =>
  anonymised && state === 'missing' ? 'anonymised' : checkedIn ? 'checkedIn' : state;

interface AttendanceProps {
  readonly api: Api;
  readonly exam: Exam;
}

/** Who is expected and who is there, by room, with a list to print. */
export function Attendance({ api, exam }: AttendanceProps) {
  const [room, setRoom] = useState('');
  const [state, setState] = useState<ShownState | ''>('');
  const path = `/api/exams/${exam.id}/attendance`;
  const { value, error, busy, reload } = useLoaded(async () => {
    const [counts, people] = await Promise.all([api.get<Counts>(path), readPages<Attendee>(api, `${path}/students`)]);
    return { counts, people };
  }, [api, exam.id]);
  useEffect(() => {
    const timer = setInterval(() => !document.hidden && void reload(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [exam.id]);
  if (!value) return error ? <Problem>{error}</Problem> : <p class="muted">{common.loading}</p>;
  const { counts, people } = value;
  const shown = people
    .filter((one) => (room === '' || one.room === room) && (state === '' || shownState(one) === state))
    .toSorted(
      byRoomAndName(({ room: place, seat, studentName: name, studentEmail: email }) => ({
        room: place,
        seat,
        name,
        email,
      })),
    );
  const rooms = counts.rooms.flatMap((one) => (one.room === null ? [] : [one.room]));
  return (
    <div class="stack printed">
      <p class="small muted print-only">
        <ExamTimes exam={exam} />
      </p>
      <Problem>{error}</Problem>
      <ListTable
        label={t.attendance.byRoom}
        columns={[t.students.room, ...COLUMNS.map((name) => ({ text: t.attendance.counts[name], class: 'number' }))]}
      >
        <tbody>
          {counts.rooms.map((row) => (
            <tr key={row.room ?? ''}>
              <th scope="row">{row.room ?? t.attendance.noRoom}</th>
              {COLUMNS.map((name) => (
                <td key={name} class="number">
                  {number(countOf(row, name))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t.attendance.total}</th>
            {COLUMNS.map((name) => (
              <td key={name} class="number">
                {number(countOf(counts.total, name))}
              </td>
            ))}
          </tr>
        </tfoot>
      </ListTable>
      <p class="small muted">{t.attendance.checkedInMeans}</p>
      <div class="row filters no-print">
        <SelectField
          label={t.students.room}
          value={room}
          options={[['', t.all], ...rooms.map((name) => [name, name] as const)]}
          onChange={setRoom}
        />
        <SelectField
          label={t.attendance.state}
          value={state}
          options={[['', t.all], ...STATES.map((each) => [each, t.attendance.states[each]] as const)]}
          onChange={setState}
        />
        <button disabled={busy} onClick={() => void reload()}>
          {common.refresh}
        </button>
        <button onClick={() => print()}>{common.print}</button>
      </div>
      <div class="no-print">
        <ResultDownloads api={api} exam={exam} of="attendance" />
      </div>
      <p class="small muted">{t.attendance.order}</p>
      {shown.length === 0 ? (
        <p class="card muted">{t.attendance.none}</p>
      ) : (
        <ListTable
          label={t.attendance.list}
          class="no-print"
          columns={[
            t.students.room,
            t.students.seat,
            t.students.name,
            t.person.number,
            t.attendance.state,
            t.attendance.started,
            t.attendance.ended,
          ]}
        >
          <tbody>
            {shown.map((one) => (
              <tr key={one.studentId}>
                <td>{one.room ?? '–'}</td>
                <td class="tabular">{one.seat ?? '–'}</td>
                <th scope="row">
                  {one.studentName} <span class="small muted">{one.studentEmail}</span>
                </th>
                <td class="tabular">{one.studentNumber ?? '–'}</td>
                <td>
                  <State of={one} />
                </td>
                <td>{one.session ? timeInZone(one.session.startedAt, exam.timeZone) : '–'}</td>
                <td>{one.session?.endedAt ? timeInZone(one.session.endedAt, exam.timeZone) : '–'}</td>
              </tr>
            ))}
          </tbody>
        </ListTable>
      )}
      {byRoom(shown).map(([name, students]) => (
        <Sheet key={name ?? ''} room={name} students={students} />
      ))}
    </div>
  );
}

/** State of a student, with the way to the session. */
function State({ of: one }: { readonly of: Attendee }) {
  const state = t.attendance.states[shownState(one)];
  return (
    <>
      {one.session ? <a href={at(`/console#/session/${one.session.id}`)}>{state}</a> : state}
      {one.session && one.session.attempt > 1 && (
        <span class="small muted"> · {t.attendance.attempt(number(one.session.attempt))}</span>
      )}
      {!one.enrolled && <span class="badge medium">{t.attendance.notEnrolled}</span>}
    </>
  );
}

/** A room on paper, to be signed. Its name is in the header, which browsers repeat on each page. */
function Sheet({ room, students }: { readonly room: string | null; readonly students: readonly Attendee[] }) {
  return (
    <table class="print-only list sheet">
      <thead>
        <tr>
          <th colSpan={5} class="room-name">
            {room === null ? t.attendance.noRoom : t.staff.roomName(room)}
          </th>
        </tr>
        <tr>
          <th scope="col">{t.students.seat}</th>
          <th scope="col">{t.students.name}</th>
          <th scope="col">{t.person.number}</th>
          <th scope="col">{t.attendance.state}</th>
          <th scope="col" class="signature">
            {t.attendance.signature}
          </th>
        </tr>
      </thead>
      <tbody>
        {students.map((one) => (
          <tr key={one.studentId}>
            <td>{one.seat ?? '–'}</td>
            <th scope="row">
              {one.studentName} <span class="muted">{one.studentEmail}</span>
            </th>
            <td>{one.studentNumber ?? '–'}</td>
            <td>{t.attendance.states[shownState(one)]}</td>
            <td />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const COLUMNS = ['expected', 'checkedIn', 'running', 'finished', 'missing', 'unexpected'] as const;

/** The API counts those checked in among the running. */
const countOf = (counts: Counts['total'], name: (typeof COLUMNS)[number]): number =>
  name === 'running' ? counts.running - counts.checkedIn : counts[name];

/** Rooms in the order of the list; on paper, each but the first begins a page. */
function byRoom(people: readonly Attendee[]): [string | null, Attendee[]][] {
  const rooms = new Map<string | null, Attendee[]>();
  for (const one of people) {
    const room = rooms.get(one.room) ?? [];
    room.push(one);
    rooms.set(one.room, room);
  }
  return [...rooms];
}
