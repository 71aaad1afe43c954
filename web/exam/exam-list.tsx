import { useEffect, useState } from 'preact/hooks';
import type { Exam } from '../../protocol/http/exams.ts';
import type { Api } from '../shared/api.ts';
import { Problem } from '../shared/field.tsx';
import { dateAndTime, duration } from '../shared/time-format.ts';
import { useAction } from '../shared/use-action.ts';

interface ExamListProps {
  readonly api: Api;
  readonly onChoose: (exam: Exam) => void;
}

export function ExamList({ api, onChoose }: ExamListProps) {
  const [exams, setExams] = useState<readonly Exam[]>();
  const { busy, error, run } = useAction();
  const load = () =>
    void run(async () => {
      const { items } = await api.get<{ items: Exam[] }>('/api/exams?limit=200');
      setExams(items.filter(({ status }) => status === 'active'));
    });
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
              <p class="muted small">{terms(exam)}</p>
            </div>
            <button class="primary" onClick={() => onChoose(exam)}>
              Choose
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function terms({ durationMinutes, startsAt, endsAt }: Exam): string {
  const parts = [durationMinutes === null ? 'No time limit' : duration(durationMinutes * 60_000)];
  if (startsAt) parts.push(`from ${dateAndTime(startsAt)}`);
  if (endsAt) parts.push(`until ${dateAndTime(endsAt)}`);
  return parts.join(' · ');
}
