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
}

export async function readExamPeople(api: Api, examId: string): Promise<ExamPeople> {
  const [attendance, staff] = await Promise.all([
    api.get<Attendance>(`/api/exams/${examId}/attendance`),
    readPages<Assignment>(api, `/api/exams/${examId}/staff`),
  ]);
  return { students: attendance.total.expected, staff: new Set(staff.map(({ userId }) => userId)).size };
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
    </div>
  );
}
