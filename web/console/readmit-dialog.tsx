import { useState } from 'preact/hooks';
import type { Exam } from '../../protocol/http/exams.ts';
import type { ReadmissionKind } from '../../protocol/http/readmissions.ts';
import type { Api } from '../shared/api.ts';
import { Dialog } from '../shared/dialog.tsx';
import { Field, formValues, Problem } from '../shared/field.tsx';
import { common } from '../shared/messages/common.ts';
import { SelectField } from '../shared/select-field.tsx';
import { useAction } from '../shared/use-action.ts';
import { useLoaded } from '../shared/use-loaded.ts';
import { browserZone } from '../shared/zone-format.ts';
import { ZonedField } from '../shared/zoned/zoned-field.tsx';
import { NO_TIME, readZoned } from '../shared/zoned/zoned-value.ts';
import { t } from './messages.ts';
import type { AttemptView } from './use-session.ts';

interface ReadmitDialogProps {
  readonly api: Api;
  readonly attempt: AttemptView;
  readonly name: string;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Asks how, why and until when a student may sit the exam again. */
export function ReadmitDialog({ api, attempt, name, onDone, onClose }: ReadmitDialogProps) {
  const { session, exam } = attempt;
  const [kind, setKind] = useState<ReadmissionKind>('continue');
  const [until, setUntil] = useState(NO_TIME);
  const zone = useLoaded(() => api.get<Exam>(`/api/exams/${exam.id}`), [api, exam.id]).value?.timeZone ?? browserZone();
  const { busy, error, run } = useAction();
  const submit = (event: SubmitEvent) => {
    const { reason, extra } = formValues(event);
    const reading = readZoned(until, zone);
    void run(async () => {
      await api.post(`/api/sessions/${session.id}/readmissions`, {
        kind,
        reason,
        extraMinutes: Number(extra || 0),
        until: 'at' in reading ? new Date(reading.at).toISOString() : null,
      });
      onDone();
    });
  };
  return (
    <Dialog title={t.session.readmitTitle(name)} onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <p>{t.session.readmitEffect}</p>
        <SelectField
          label={t.session.readmitKind}
          hint={t.session.readmitKindHints[kind]}
          value={kind}
          options={[
            ['continue', t.session.readmitKinds.continue],
            ['new', t.session.readmitKinds.new],
          ]}
          onChange={setKind}
        />
        <Field label={t.session.readmitReason} name="reason" required maxLength={2000} autocomplete="off" />
        <Field
          label={t.session.readmitExtra}
          hint={t.session.readmitExtraHint}
          name="extra"
          type="number"
          min={0}
          max={1440}
          step={1}
          defaultValue="0"
        />
        <ZonedField label={t.session.readmitUntil} zone={zone} value={until} onChange={setUntil} />
        <p class="small muted">{t.session.readmitUntilHint}</p>
        <Problem>{error}</Problem>
        <div class="row">
          <button class="primary" disabled={busy}>
            {t.session.readmit}
          </button>
          <button type="button" onClick={onClose}>
            {common.cancel}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
