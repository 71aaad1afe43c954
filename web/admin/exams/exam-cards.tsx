import type { Exam } from '../../../protocol/http/exams.ts';
import { hrefOf } from '../route.ts';
import { ExamTimes } from './exam-times.tsx';
import { StatusBadge } from './status-badge.tsx';

/** Exams with status and times. */
export function ExamCards({ exams, label }: { readonly exams: readonly Exam[]; readonly label?: string }) {
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
          </div>
          <StatusBadge status={exam.status} />
        </li>
      ))}
    </ul>
  );
}
