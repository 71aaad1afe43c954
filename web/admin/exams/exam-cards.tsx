import type { Exam } from '../../../protocol/http/exams.ts';
import { hrefOf } from '../route.ts';
import { ExamGaps, type ExamPeople } from './exam-gaps.tsx';
import { ExamTimes } from './exam-times.tsx';
import { StatusBadge } from './status-badge.tsx';

interface ExamCardsProps {
  readonly exams: readonly Exam[];
  readonly label?: string;
  /** By id of the exam, where they were read. */
  readonly people?: ReadonlyMap<string, ExamPeople>;
}

/** Exams with status and times. */
export function ExamCards({ exams, label, people }: ExamCardsProps) {
  return (
    <ul class="plain stack tight" aria-label={label}>
      {exams.map((exam) => (
        <li key={exam.id} class="card row between exam">
          <div>
            <a class="exam-title" href={hrefOf({ page: 'exam', exam: exam.id, tab: 'overview' })}>
              {exam.title}
            </a>
            <p class="small muted">
              <ExamTimes exam={exam} />
            </p>
            {people?.has(exam.id) && <ExamGaps exam={exam} people={people.get(exam.id)!} />}
          </div>
          <StatusBadge status={exam.status} />
        </li>
      ))}
    </ul>
  );
}
