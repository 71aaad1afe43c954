import { useEffect, useState } from 'preact/hooks';
import type { AvailableExam } from '../../protocol/http/exams.ts';
import type { Api } from '../shared/api.ts';
import { Problem } from '../shared/field.tsx';
import { useAction } from '../shared/use-action.ts';
import { examTimes } from './exam-times.ts';

interface ExamListProps {
  readonly api: Api;
  readonly onChoose: (exam: AvailableExam) => void;
}

export function ExamList({ api, onChoose }: ExamListProps) {
  const [exams, setExams] = useState<readonly AvailableExam[]>();
  const { busy, error, run } = useAction();
  const load = () => void run(async () => setExams((await api.get<{ items: AvailableExam[] }>('/api/exams/available?limit=200')).items));
  useEffect(load, [api]);
  return (
    <section class="middle stack">
      <div class="row between">
        <h1>Exams</h1>
        <button class="small" disabled={busy} onClick={load}>
          Refresh
        </button>
      </div>
      <Problem>{error}</Problem>
      {!exams && busy && <p class="muted">Loading …</p>}
      {exams?.length === 0 && <p class="card muted">No exam is open at the moment.</p>}
      <ul class="plain stack">
        {exams?.map((exam) => (
          <li key={exam.id} class="card row between">
            <div>
              <h2>{exam.title}</h2>
              <p class="muted small">{examTimes(exam)}</p>
            </div>
            {exam.runningSessionId || exam.canStart ? (
              <button class="primary" onClick={() => onChoose(exam)}>
                {exam.runningSessionId ? 'Go on' : 'Choose'}
              </button>
            ) : (
              <p class="muted small">Not open: {exam.reason?.detail}</p>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
