import { useState } from 'preact/hooks';
import type { User } from '../../protocol/http/accounts.ts';
import type { Verdict } from '../../protocol/http/reviews.ts';
import { formValues } from '../shared/field.tsx';
import { eventText } from '../shared/messages/events.ts';
import { givenReasons, rememberReason } from './given-reasons.ts';
import { t } from './messages.ts';
import { ReasonField } from './reason-field.tsx';
import { VERDICTS } from './verdict-form.tsx';

interface OutcomeFormProps {
  readonly user: User;
  /** The verdict of the appeal. */
  readonly appealed: Verdict['verdict'];
  readonly busy: boolean;
  readonly onDecide: (body: { outcome: 'upheld' | 'changed'; verdict?: string; reason: string }) => void;
}

/** The outcome of an appeal, by the person to whom it is given. */
export function OutcomeForm({ user, appealed, busy, onDecide }: OutcomeFormProps) {
  const [outcome, setOutcome] = useState('upheld');
  const submit = (event: SubmitEvent) => {
    const { reason = '' } = formValues(event);
    rememberReason(user.id, 'verdict', reason);
    onDecide(outcome === 'upheld' ? { outcome, reason } : { outcome: 'changed', verdict: outcome, reason });
  };
  const choice = (value: string, text: string) => (
    <label key={value} class="check">
      <input type="radio" name="outcome" checked={outcome === value} onChange={() => setOutcome(value)} />
      <span>{text}</span>
    </label>
  );
  return (
    <form class="stack tight" onSubmit={submit}>
      <fieldset class="plain stack tight">
        <legend>{t.verdicts.outcomeTitle}</legend>
        {choice('upheld', `${t.verdicts.upheld}: ${eventText.verdicts[appealed]}`)}
        {VERDICTS.filter((value) => value !== appealed).map((value) =>
          choice(value, `${t.verdicts.changed}: ${eventText.verdicts[value]}`),
        )}
      </fieldset>
      <ReasonField label={t.verdicts.outcomeReason} suggestions={givenReasons(user.id, 'verdict')} rows={3} />
      <div class="row">
        <button type="submit" class="primary" disabled={busy}>
          {t.verdicts.decide}
        </button>
      </div>
    </form>
  );
}
