import { useEffect, useState } from 'preact/hooks';
import type { Exam, ExamDefaults } from '../../protocol/http/exams.ts';
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
  const defaults = useAction();
  const [openTo, setOpenTo] = useState<string>();
  useEffect(
    () => void defaults.run(async () => setOpenTo((await api.get<ExamDefaults>('/api/exams/defaults')).openTo)),
    [api],
  );
  const submit = (event: SubmitEvent) => {
    const { title, minutes } = formValues(event);
    // Not known yet: as the server is set, which is what is being asked for.
    const body = {
      title,
      status: 'active',
      ...(openTo ? { openTo } : {}),
      ...(minutes ? { durationMinutes: Number(minutes) } : {}),
    };
    void run(async () => onCreated(await api.post<Exam>('/api/exams', body)));
  };
  return (
    <form class="card stack exam-form" onSubmit={submit}>
      <h2>New exam</h2>
      <Field label="Title" name="title" required maxLength={300} />
      <Field label="Minutes" hint="Empty: no limit" name="minutes" type="number" min={1} max={1440} step={1} />
      <label class="field">
        <span>Open to</span>
        <select value={openTo ?? ''} onChange={(event) => setOpenTo(event.currentTarget.value)}>
          {openTo === undefined && <option value="">The server's default</option>}
          <option value="enrolled">Enrolled students only</option>
          <option value="all">Everybody with an account</option>
        </select>
        <small>
          {openTo === 'enrolled'
            ? 'Nobody else sees it. Enrol students by the API.'
            : 'Whoever has an account here can start it.'}
        </small>
      </label>
      <Problem>{error ?? defaults.error}</Problem>
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
