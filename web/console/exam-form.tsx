import { useEffect, useState } from 'preact/hooks';
import type { Exam, ExamDefaults, StaffAccess } from '../../protocol/http/exams.ts';
import type { Api } from '../shared/api.ts';
import { Field, formValues, Labelled, Problem } from '../shared/field.tsx';
import { common } from '../shared/messages/common.ts';
import { useAction } from '../shared/use-action.ts';
import { t } from './messages.ts';

interface ExamFormProps {
  readonly api: Api;
  readonly onCreated: (exam: Exam) => void;
  readonly onCancel: () => void;
}

/** Creates an exam that is open immediately, with the default policy. */
export function ExamForm({ api, onCreated, onCancel }: ExamFormProps) {
  const { busy, error, run } = useAction();
  const defaults = useAction();
  const [openTo, setOpenTo] = useState<string>();
  const [staffAccess, setStaffAccess] = useState<StaffAccess>('assigned');
  useEffect(
    () => void defaults.run(async () => setOpenTo((await api.get<ExamDefaults>('/api/exams/defaults')).openTo)),
    [api],
  );
  const submit = (event: SubmitEvent) => {
    const { title, minutes } = formValues(event);
    // Without `openTo` the server uses its default, which is still being loaded.
    const body = {
      title,
      status: 'active',
      staffAccess,
      ...(openTo ? { openTo } : {}),
      ...(minutes ? { durationMinutes: Number(minutes) } : {}),
    };
    void run(async () => onCreated(await api.post<Exam>('/api/exams', body)));
  };
  return (
    <form class="card stack exam-form" onSubmit={submit}>
      <h2>{t.wall.newExam}</h2>
      <Field label={t.wall.title} name="title" required maxLength={300} />
      <Field
        label={t.wall.minutes}
        hint={t.wall.minutesHint}
        name="minutes"
        type="number"
        min={1}
        max={1440}
        step={1}
      />
      <Labelled label={t.wall.openTo} hint={openTo === 'enrolled' ? t.wall.openToEnrolledHint : t.wall.openToAllHint}>
        {(names) => (
          <select {...names} value={openTo ?? ''} onChange={(event) => setOpenTo(event.currentTarget.value)}>
            {openTo === undefined && <option value="">{t.wall.openToDefault}</option>}
            <option value="enrolled">{t.wall.openToEnrolled}</option>
            <option value="all">{t.wall.openToAll}</option>
          </select>
        )}
      </Labelled>
      <Labelled
        label={t.wall.staffAccess}
        hint={staffAccess === 'assigned' ? t.wall.staffAssignedHint : t.wall.staffAllHint}
      >
        {(names) => (
          <select
            {...names}
            value={staffAccess}
            onChange={(event) => setStaffAccess(event.currentTarget.value as StaffAccess)}
          >
            <option value="assigned">{t.wall.staffAssigned}</option>
            <option value="all">{t.wall.staffAll}</option>
          </select>
        )}
      </Labelled>
      <Problem>{error ?? defaults.error}</Problem>
      <div class="row">
        <button class="primary" disabled={busy}>
          {t.wall.create}
        </button>
        <button type="button" onClick={onCancel}>
          {common.cancel}
        </button>
      </div>
    </form>
  );
}
