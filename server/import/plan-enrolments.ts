import { setImmediate } from 'node:timers/promises';
import {
  type ImportExam,
  findEnrolmentsOf,
  findImportExams,
  type ImportProfile,
  listRoomsOf,
  lockImportProfiles,
  type NamedEnrolment,
  type StoredEnrolment,
} from '../../db/imports.ts';
import type { Executor, Tx } from '../../db/executor.ts';
import { profileNameKey } from '../../db/profiles.ts';
import type { UserRow } from '../../db/users.ts';
import type { Findings } from './findings.ts';
import { type People, SLICE } from './plan-people.ts';
import type { EnrolmentRow } from './rows.ts';

export type Enrollable = Pick<
  UserRow,
  'id' | 'email' | 'name' | 'role' | 'organisation_id' | 'student_number' | 'external_id'
> & { readonly anonymised_at?: Date | null };

export interface PlannedEnrolment extends Readonly<StoredEnrolment> {
  /** As it was read; null: not enrolled. */
  readonly before: StoredEnrolment | null;
}

interface Meant {
  readonly row: EnrolmentRow;
  readonly exam: ImportExam;
  readonly student: Enrollable;
}

const AT_ONCE = 200;
const keyOf = (exam: string, student: string) => `${exam} ${student}`;

/** Exam and student of each row, each pair once. */
async function resolve(
  ex: Executor,
  organisationId: string,
  rows: readonly EnrolmentRow[],
  people: People<Enrollable>,
  findings: Findings,
): Promise<Meant[]> {
  const exams = await findImportExams(ex, organisationId, {
    ids: [...new Set(rows.flatMap(({ examId }) => examId ?? []))],
    titles: [...new Set(rows.flatMap(({ examTitle }) => examTitle ?? []))],
  });
  const byId = new Map(exams.map((exam) => [exam.id, [exam]]));
  const byTitle = new Map<string, ImportExam[]>();
  for (const exam of exams) byTitle.set(exam.title, [...(byTitle.get(exam.title) ?? []), exam]);
  const seen = new Map<string, number>();
  const resolveRow = (row: EnrolmentRow): Meant[] => {
    const fault = (field: string | undefined, message: string): [] => {
      findings.fault(row.file, row.row, field && row.column(field), message);
      return [];
    };
    const field = row.examId !== undefined && row.column('examId') !== undefined ? 'examId' : 'exam';
    const found = (row.examId === undefined ? byTitle.get(row.examTitle ?? '') : byId.get(row.examId)) ?? [];
    const [exam] = found;
    if (!exam) return fault(field, row.examId === undefined ? `no exam “${row.examTitle}”` : 'no exam has this id');
    if (found.length > 1)
      return fault(field, `${found.length} exams are named “${exam.title}”: use the column exam id`);
    if (row.examTitle !== undefined && row.examTitle !== exam.title)
      return fault('exam', `the exam of this id is named “${exam.title}”`);
    const [first, ...others] = people.find(row.person);
    if (!first || first.person.organisation_id !== organisationId)
      return fault(
        ['email', 'studentNumber', 'externalId'].find((name) => row.column(name)),
        'no such person: import people first',
      );
    const student = first.person;
    const other = others.find(({ person }) => person.id !== student.id);
    if (other) return fault(other.field, 'belongs to another person than the rest of the row');
    if (student.role !== 'student')
      return fault(first.field, `${student.name} is a ${student.role}: only students are enrolled`);
    if (student.anonymised_at) return fault(first.field, 'the account was anonymised and cannot be enrolled');
    const key = keyOf(exam.id, student.id);
    if (seen.has(key)) return fault(first.field, `the same student and exam as in row ${seen.get(key)}`);
    seen.set(key, row.row);
    return [{ row, exam, student }];
  };
  const meant: Meant[] = [];
  for (const [at, row] of rows.entries()) {
    if (at % SLICE === 0) await setImmediate();
    meant.push(...resolveRow(row));
  }
  return meant;
}

async function stored(ex: Executor, meant: readonly Meant[]): Promise<Map<string, NamedEnrolment>> {
  const found = new Map<string, NamedEnrolment>();
  for (let from = 0; from < meant.length; from += AT_ONCE) {
    const keys = meant.slice(from, from + AT_ONCE).map(({ exam, student }) => ({ exam: exam.id, student: student.id }));
    for (const row of await findEnrolmentsOf(ex, keys)) found.set(keyOf(row.exam_id, row.student_id), row);
  }
  return found;
}

/** Accommodation profile that a row leads to: the named one, or that of the enrolment. */
type ChosenProfile = Pick<ImportProfile, 'id' | 'name'> | null;

/** Notes names that are not known, and archived profiles that the enrolment does not have already. @returns undefined with a fault */
function profileAfter(
  { row }: Meant,
  old: NamedEnrolment | undefined,
  profiles: ReadonlyMap<string, ImportProfile>,
  findings: Findings,
): ChosenProfile | undefined {
  const had = old?.accommodation_profile_id ?? null;
  const name = row.accommodations;
  if (name === undefined) return had === null ? null : { id: had, name: old?.profile_name ?? '' };
  const fault = (message: string) => findings.fault(row.file, row.row, row.column('accommodations'), message);
  const profile = profiles.get(profileNameKey(name));
  if (!profile) fault(`no accommodation profile is named “${name}”: correct the name, or create the profile first`);
  else if (profile.archived_at !== null && profile.id !== had)
    fault(`the accommodation profile “${profile.name}” is archived: restore it, or choose another one`);
  else return profile;
  return undefined;
}

const shown = (value: string | number | null) => (value === null ? null : String(value));

/** What an import of enrolments would create and change. */
export async function planEnrolments(
  ex: Tx,
  organisationId: string,
  rows: readonly EnrolmentRow[],
  people: People<Enrollable>,
  findings: Findings,
): Promise<PlannedEnrolment[]> {
  const meant = await resolve(ex, organisationId, rows, people, findings);
  const before = await stored(ex, meant);
  const names = new Set(rows.flatMap(({ accommodations: name }) => (name === undefined ? [] : [profileNameKey(name)])));
  const profiles = new Map(
    (await lockImportProfiles(ex, organisationId, [...names])).map((one) => [one.name_key, one]),
  );
  const rooms = new Set(
    (await listRoomsOf(ex, [...new Set(meant.map(({ exam }) => exam.id))])).map(({ exam_id, room }) =>
      keyOf(exam_id, room),
    ),
  );
  const withRooms = new Set([...rooms].map((key) => key.split(' ', 1)[0]));
  const seats = new Map<string, number>();
  const planned: PlannedEnrolment[] = [];
  for (const [at, one] of meant.entries()) {
    if (at % SLICE === 0) await setImmediate();
    const { row, exam, student } = one;
    const old = before.get(keyOf(exam.id, student.id));
    const profile = profileAfter(one, old, profiles, findings);
    if (profile === undefined) continue;
    const next: PlannedEnrolment = {
      before: old ?? null,
      exam_id: exam.id,
      student_id: student.id,
      room: row.room ?? old?.room ?? null,
      seat: row.seat ?? old?.seat ?? null,
      extra_minutes: row.extraMinutes ?? old?.extra_minutes ?? 0,
      accommodation_profile_id: profile?.id ?? null,
    };
    if (row.room !== undefined && withRooms.has(exam.id) && !rooms.has(keyOf(exam.id, row.room))) {
      findings.warn(row.file, row.row, row.column('room'), `“${row.room}” is a new room of this exam`);
      rooms.add(keyOf(exam.id, row.room));
    }
    if (next.seat !== null) {
      const seat = `${exam.id} ${next.room ?? ''}\n${next.seat}`;
      if (seats.has(seat))
        findings.warn(row.file, row.row, row.column('seat'), `the same seat as in row ${seats.get(seat)}`);
      else seats.set(seat, row.row);
    }
    const fields = (
      [
        ['room', old?.room ?? null, next.room],
        ['seat', old?.seat ?? null, next.seat],
        ['extraMinutes', old?.extra_minutes ?? null, next.extra_minutes],
        ['accommodations', old?.profile_name ?? null, profile?.name ?? null],
      ] as const
    )
      .filter(([, from, to]) => from !== to)
      .map(([field, from, to]) => ({ field, from: shown(from), to: shown(to) }));
    if (old && fields.length === 0) {
      findings.enrolments.unchanged += 1;
      continue;
    }
    findings.enrolments[old ? 'changed' : 'created'] += 1;
    planned.push(next);
    findings.exams.set(exam.id, exam.title);
    findings.changes.add({
      file: row.file,
      row: row.row,
      what: 'enrolment',
      action: old ? 'change' : 'create',
      subject: `${student.name} (${student.email}): ${exam.title}`,
      fields,
    });
  }
  return planned;
}
