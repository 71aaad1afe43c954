import { useEffect, useState } from 'preact/hooks';
import type { Exam } from '../../protocol/http/exams.ts';
import type { Api } from '../shared/api.ts';
import { Problem } from '../shared/field.tsx';
import { useAction } from '../shared/use-action.ts';
import { ExamForm } from './exam-form.tsx';

interface ExamsProps {
  readonly api: Api;
  readonly mayCreate: boolean;
  /** An exam's id; undefined is all of them. */
  readonly chosen: string | undefined;
  readonly onChoose: (exam: string | undefined) => void;
}

/** Chooses which exam the wall shows. */
export function Exams({ api, mayCreate, chosen, onChoose }: ExamsProps) {
  const [exams, setExams] = useState<readonly Exam[]>([]);
  const [creating, setCreating] = useState(false);
  const { error, run } = useAction();
  useEffect(() => {
    void run(async () => setExams((await api.get<{ items: Exam[] }>('/api/exams?limit=200')).items));
  }, [api]);
  const created = (exam: Exam) => {
    setExams([exam, ...exams]);
    setCreating(false);
    onChoose(exam.id);
  };
  return (
    <section class="stack">
      <div class="row">
        <label class="row">
          <span>Exam</span>
          <select class="exam-choice" value={chosen ?? ''} onChange={(event) => onChoose(event.currentTarget.value || undefined)}>
            <option value="">All exams</option>
            {exams.map(({ id, title, status }) => (
              <option key={id} value={id}>
                {status === 'active' ? title : `${title} (${status})`}
              </option>
            ))}
          </select>
        </label>
        {mayCreate && (
          <button aria-expanded={creating} onClick={() => setCreating(!creating)}>
            New exam
          </button>
        )}
      </div>
      <Problem>{error}</Problem>
      {creating && <ExamForm api={api} onCreated={created} onCancel={() => setCreating(false)} />}
    </section>
  );
}
