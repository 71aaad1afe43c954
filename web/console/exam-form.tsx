import type { Exam } from '../../protocol/http/exams.ts';
import type { Api } from '../shared/api.ts';
import { Field, formValues, Problem } from '../shared/field.tsx';
import { useAction } from '../shared/use-action.ts';

interface ExamFormProps {
  readonly api: Api;
  readonly onCreated: (exam: Exam) => void;
  readonly onCancel: () => void;
}

/** A new exam that is open at once, with the default policy. */
export function ExamForm({ api, onCreated, onCancel }: ExamFormProps) {
  const { busy, error, run } = useAction();
  const submit = (event: SubmitEvent) => {
    const { title, minutes } = formValues(event);
    const body = { title, status: 'active', ...(minutes ? { durationMinutes: Number(minutes) } : {}) };
    void run(async () => onCreated(await api.post<Exam>('/api/exams', body)));
  };
  return (
    <form class="card stack exam-form" onSubmit={submit}>
      <h2>New exam</h2>
      <Field label="Title" name="title" required maxLength={300} />
      <Field label="Minutes" hint="Empty: no limit" name="minutes" type="number" min={1} max={1440} step={1} />
      <Problem>{error}</Problem>
      <div class="row">
        <button class="primary" disabled={busy}>
          Create and open
        </button>
        <button type="button" onClick={onCancel}>
          Cancel
        </button>
      </div>
    </form>
  );
}
