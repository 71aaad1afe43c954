import { useState } from 'preact/hooks';
import { searchText, searchWords } from '../../../protocol/search-text.ts';
import type { Enrolment } from '../../../protocol/http/enrolments.ts';
import type { Exam } from '../../../protocol/http/exams.ts';
import type { AccommodationProfile } from '../../../protocol/http/profiles.ts';
import type { Api } from '../../shared/api.ts';
import { Field, Problem } from '../../shared/field.tsx';
import { common } from '../../shared/messages/common.ts';
import { number, plural } from '../../shared/messages/numbers.ts';
import { PersonPicker } from '../../shared/person-picker.tsx';
import { SearchField } from '../../shared/search-field.tsx';
import { readPages } from '../../shared/read-pages.ts';
import { useAction } from '../../shared/use-action.ts';
import { useLoaded } from '../../shared/use-loaded.ts';
import { byRoomAndName } from '../by-room-and-name.ts';
import { t } from '../messages.ts';
import { hrefOf } from '../route.ts';
import { AccommodationField } from './accommodation-field.tsx';
import { EnrolmentDialog } from './enrolment-dialog.tsx';

/** Students that need no search. */
const FEW = 10;

const isNamed = (row: Enrolment, words: readonly string[]) => {
  const text = searchText([row.studentName, row.studentEmail, row.studentNumber, row.room].filter(Boolean).join(' '));
  return words.every((word) => text.includes(word));
};

interface StudentsProps {
  readonly api: Api;
  readonly exam: Exam;
}

/** Enrolled students of an exam: enrol, edit, remove. */
export function Students({ api, exam }: StudentsProps) {
  const path = `/api/exams/${exam.id}/students`;
  const { value, error, reload } = useLoaded(() => readPages<Enrolment>(api, path), [api, exam.id]);
  const action = useAction();
  const profiles = useLoaded(
    () =>
      readPages<AccommodationProfile>(
        api,
        `/api/accommodation-profiles?archived=false&organisation=${exam.organisationId}`,
      ),
    [api, exam.organisationId],
  );
  const [room, setRoom] = useState('');
  const [profile, setProfile] = useState('');
  const [edited, setEdited] = useState<Enrolment>();
  const [done, setDone] = useState('');
  const [sought, setSought] = useState('');
  const words = searchWords(sought);
  const students =
    value
      ?.filter((row) => isNamed(row, words))
      .toSorted(byRoomAndName((row) => ({ ...row, name: row.studentName, email: row.studentEmail }))) ?? [];
  return (
    <>
      <section class="card stack form" aria-labelledby="enrol">
        <div class="row between">
          <h2 id="enrol">{t.students.enrol}</h2>
          <a class="button" href={hrefOf({ page: 'import', kind: 'enrolments', exam: exam.id })}>
            {t.imports.link}
          </a>
        </div>
        {exam.openTo === 'all' && <p class="note">{t.students.openToAll}</p>}
        <Field
          label={t.students.room}
          hint={t.students.roomHint}
          maxLength={60}
          value={room}
          onInput={({ currentTarget }) => setRoom(currentTarget.value)}
        />
        <AccommodationField profiles={profiles.value ?? []} present={null} value={profile} onChange={setProfile} />
        <Problem>{profiles.error}</Problem>
        <PersonPicker
          api={api}
          label={t.students.search}
          roles={['student']}
          organisation={exam.organisationId}
          action={t.students.enrolOne}
          busy={action.busy}
          onPick={(person) =>
            void action.run(async () => {
              const name = person.name || person.email;
              if (value?.some(({ studentId }) => studentId === person.id)) {
                setDone(t.students.already(name));
                return;
              }
              await api.put(`${path}/${person.id}`, {
                room: room.trim() || null,
                accommodationProfileId: profile || null,
                // Somebody else may have enrolled the student, with other terms, since this list was read.
                baseRevision: null,
              });
              setDone(t.students.enrolled(name));
              await reload();
            })
          }
        />
        <p class="small" role="status">
          {done}
        </p>
        <Problem>{action.error}</Problem>
      </section>
      <section class="stack" aria-labelledby="enrolled">
        <h2 id="enrolled">{t.students.title(plural(value?.length ?? 0, t.students.count))}</h2>
        <Problem>{error}</Problem>
        {!value && !error && <p class="muted">{common.loading}</p>}
        {value && value.length > FEW && (
          <div class="row filters">
            <SearchField label={t.students.searchEnrolled} value={sought} onSearch={setSought} />
          </div>
        )}
        {value && value.length > 0 && students.length === 0 && <p class="card muted">{t.person.none}</p>}
        {value?.length === 0 && <p class="card muted">{t.students.none}</p>}
        {students.length > 0 && (
          <div class="scroll" tabIndex={0} role="region" aria-labelledby="enrolled">
            <table class="card list">
              <thead>
                <tr>
                  <th scope="col">{t.students.name}</th>
                  <th scope="col">{t.person.number}</th>
                  <th scope="col">{t.students.room}</th>
                  <th scope="col">{t.students.seat}</th>
                  <th scope="col">{t.students.accommodations}</th>
                  <th scope="col" class="number">
                    {t.students.extra}
                  </th>
                  <th scope="col">
                    <span class="unseen">{t.actions}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {students.map((row) => (
                  <tr key={row.studentId}>
                    <th scope="row">
                      <a href={hrefOf({ page: 'person', person: row.studentId })}>
                        {row.studentName || row.studentEmail}
                      </a>{' '}
                      <span class="small muted">{row.studentEmail}</span>
                    </th>
                    <td class="tabular">{row.studentNumber ?? '–'}</td>
                    <td>{row.room ?? '–'}</td>
                    <td>{row.seat ?? '–'}</td>
                    <td>{row.accommodationProfile?.name ?? '–'}</td>
                    <td class="number">{row.extraMinutes === 0 ? '–' : number(row.extraMinutes)}</td>
                    <td class="acts">
                      <button
                        class="small"
                        aria-haspopup="dialog"
                        aria-label={t.students.editOne(row.studentName)}
                        onClick={() => setEdited(row)}
                      >
                        {t.students.edit}
                      </button>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </section>
      {edited && (
        <EnrolmentDialog
          api={api}
          enrolment={edited}
          profiles={profiles.value ?? []}
          onDone={(said) => {
            setEdited(undefined);
            setDone(said);
            void reload();
          }}
          onClose={() => setEdited(undefined)}
        />
      )}
    </>
  );
}
