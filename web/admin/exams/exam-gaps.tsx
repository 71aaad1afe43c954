import type { Attendance } from '../../../protocol/http/attendance.ts';
import type { Exam } from '../../../protocol/http/exams.ts';
import type { Assignment } from '../../../protocol/http/assignments.ts';
import type { Api } from '../../shared/api.ts';
import { plural } from '../../shared/messages/numbers.ts';
import { readPages } from '../../shared/read-pages.ts';
import { t } from '../messages.ts';
import { hrefOf } from '../route.ts';

/** People of an exam. */
export interface ExamPeople {
  readonly students: number;
  readonly staff: number;
  /** Rooms with students and without a proctor of the room or the whole exam; null: students without a room. */
  readonly unwatched: readonly (string | null)[];
  /** Rooms of assignments in which nobody sits. */
  readonly empty: readonly string[];
}

export async function readExamPeople(api: Api, examId: string): Promise<ExamPeople> {
  const [attendance, staff] = await Promise.all([
    api.get<Attendance>(`/api/exams/${examId}/attendance`),
    readPages<Assignment>(api, `/api/exams/${examId}/staff`),
  ]);
  return {
    students: attendance.total.expected,
    staff: new Set(staff.map(({ userId }) => userId)).size,
    ...roomGaps(attendance, staff),
  };
}

/** Pure: rooms that do not fit together. Reviewers do not watch. */
export function roomGaps(
  { rooms }: Pick<Attendance, 'rooms'>,
  staff: readonly Pick<Assignment, 'role' | 'room'>[],
): Pick<ExamPeople, 'unwatched' | 'empty'> {
  const taken = rooms.filter(({ expected }) => expected > 0).map(({ room }) => room);
  const watched = new Set(staff.filter(({ role }) => role === 'proctor').map(({ room }) => room));
  return {
    // An assignment without a room is to the whole exam.
    unwatched: watched.has(null) ? [] : taken.filter((room) => room === null || !watched.has(room)),
    empty: [...new Set(staff.flatMap(({ room }) => (room === null || taken.includes(room) ? [] : [room])))].toSorted(),
  };
}

export const lacksStudents = (exam: Exam, people: ExamPeople): boolean =>
  exam.openTo === 'enrolled' && people.students === 0;

interface ExamGapsProps {
  readonly exam: Exam;
  readonly people: ExamPeople;
}

/** Numbers of students and staff, and a warning for each that is missing before the exam. */
export function ExamGaps({ exam, people }: ExamGapsProps) {
  const ahead = exam.status === 'draft' || exam.status === 'scheduled' || exam.status === 'active';
  const nobodyWatches = people.staff === 0;
  const tab = (name: 'students' | 'staff') => hrefOf({ page: 'exam', exam: exam.id, tab: name });
  return (
    <div class="stack tight">
      <p class="small">
        <a href={tab('students')}>{plural(people.students, t.exam.students)}</a> ·{' '}
        <a href={tab('staff')}>{plural(people.staff, t.exam.staff)}</a>
      </p>
      {ahead && lacksStudents(exam, people) && <p class="note warn">{t.exam.noStudents}</p>}
      {ahead && nobodyWatches && (
        <p class="note warn">{exam.staffAccess === 'assigned' ? t.exam.noStaff : t.exam.noStaffAll}</p>
      )}
      {ahead && <RoomGaps exam={exam} people={people} />}
    </div>
  );
}

/** Warns of rooms that nobody watches, and of assignments to rooms in which nobody sits. */
function RoomGaps({ exam, people: { staff, unwatched, empty } }: ExamGapsProps) {
  if (staff === 0 || exam.staffAccess !== 'assigned') return null;
  const names = unwatched.map((room) => (room === null ? t.exam.noRoom : t.staff.roomName(room)));
  return (
    <>
      {names.length > 0 && <p class="note warn">{t.exam.unwatched(names.join(', '))}</p>}
      {empty.length > 0 && <p class="note warn">{t.exam.emptyRooms(empty.map(t.staff.roomName).join(', '))}</p>}
    </>
  );
}
