import { useState } from 'preact/hooks';
import type { z } from 'zod';
import type { Person } from '../../protocol/http/reviews.ts';
import type { Api } from '../shared/api.ts';
import { Dialog } from '../shared/dialog.tsx';
import { Problem } from '../shared/field.tsx';
import { common } from '../shared/messages/common.ts';
import { SelectField } from '../shared/select-field.tsx';
import { useLoaded } from '../shared/use-loaded.ts';
import { t } from './messages.ts';
import { personName } from './person-name.ts';

/** Id of the button that opens it. */
export const HAND_OVER_BUTTON = 'hand-over-session';

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
  const [chosen, setChosen] = useState<string>();
  const to = chosen ?? value?.items[0]?.id ?? '';
  const words = t.session.team;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (to) onChosen(to);
  };
  return (
    <Dialog title={t.session.dialogTitle(words.handOverTitle, name)} opener={HAND_OVER_BUTTON} onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <Problem>{error}</Problem>
        {!value && !error && <p class="muted">{common.loading}</p>}
        {value?.items.length === 0 && <p class="muted">{words.noColleagues}</p>}
        {value && value.items.length > 0 && (
          <SelectField
            label={words.colleague}
            value={to}
            options={value.items.map((person) => [person.id, personName(person)] as const)}
            onChange={setChosen}
          />
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
