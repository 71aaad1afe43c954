import { useEffect, useState } from 'preact/hooks';
import type { z } from 'zod';
import type { Person } from '../../protocol/http/reviews.ts';
import type { Api } from '../shared/api.ts';
import { Dialog } from '../shared/dialog.tsx';
import { formValues, Problem } from '../shared/field.tsx';
import { common } from '../shared/messages/common.ts';
import { useLoaded } from '../shared/use-loaded.ts';
import { t } from './messages.ts';
import { personName } from './person-name.ts';

interface HandOverDialogProps {
  readonly api: Api;
  readonly session: string;
  /** The student's name or pseudonym, as shown on this screen. */
  readonly name: string;
  readonly onChosen: (to: string) => void;
  readonly onClose: () => void;
}

/** Chooses a colleague who looks after a session from now on. */
export function HandOverDialog({ api, session, name, onChosen, onClose }: HandOverDialogProps) {
  const { value, error } = useLoaded(
    () => api.get<{ items: z.infer<typeof Person>[] }>(`/api/sessions/${session}/colleagues`),
    [api, session],
  );
  const [to, setTo] = useState('');
  useEffect(() => setTo(value?.items[0]?.id ?? ''), [value]);
  const words = t.session.team;
  const submit = (event: SubmitEvent) => {
    formValues(event);
    if (to) onChosen(to);
  };
  return (
    <Dialog title={t.session.dialogTitle(words.handOverTitle, name)} onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <Problem>{error}</Problem>
        {!value && !error && <p class="muted">{common.loading}</p>}
        {value?.items.length === 0 && <p class="muted">{words.noColleagues}</p>}
        {value && value.items.length > 0 && (
          <label>
            <span>{words.colleague}</span>
            <select value={to} onChange={(event) => setTo(event.currentTarget.value)}>
              {value.items.map((person) => (
                <option key={person.id} value={person.id}>
                  {personName(person)}
                </option>
              ))}
            </select>
          </label>
        )}
        <p class="small muted">{words.limitsNobody}</p>
        <div class="row">
          <button class="primary" disabled={!to}>
            {words.handOverConfirm}
          </button>
          <button type="button" onClick={onClose}>
            {common.cancel}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
