import type { User } from '../../protocol/http/accounts.ts';
import type { Verdict } from '../../protocol/http/reviews.ts';
import type { Api } from '../shared/api.ts';
import { formValues, Problem } from '../shared/field.tsx';
import { eventText } from '../shared/messages/events.ts';
import { useZone } from '../shared/shown-zone.ts';
import { dateAndTime } from '../shared/time-format.ts';
import { useAction } from '../shared/use-action.ts';
import { t } from './messages.ts';
import { personName } from './person-name.ts';

interface VerdictFormProps {
  readonly api: Api;
  readonly session: string;
  /** Whether the session has ended. */
  readonly over: boolean;
  readonly user: User;
  /** The current verdict. */
  readonly verdict: Verdict | null;
  readonly onGiven: () => Promise<void>;
}

/** The verdict on a session: by the person who is logged in, with a reason, and never derived from the score. */
export function VerdictForm({ api, session, over, user, verdict, onGiven }: VerdictFormProps) {
  const zone = useZone();
  const { busy, error, run } = useAction();
  const submit = (event: SubmitEvent) => {
    const form = event.currentTarget as HTMLFormElement;
    const { verdict: chosen, reason } = formValues(event);
    void run(async () => {
      await api.post<Verdict>(`/api/sessions/${session}/verdict`, { verdict: chosen, reason });
      form.reset();
      await onGiven();
    });
  };
  return (
    <section class="card stack" aria-labelledby="verdict-title">
      <h2 id="verdict-title">{t.review.verdict}</h2>
      {verdict ? (
        <p class="note">
          <strong>{eventText.verdicts[verdict.verdict]}</strong>,{' '}
          {t.review.verdictBy(personName(verdict.by), dateAndTime(verdict.at, zone))} {verdict.reason}
        </p>
      ) : (
        <p class="muted">{t.review.noVerdict}</p>
      )}
      {over ? (
        <form class="stack" onSubmit={submit}>
          <fieldset class="plain stack tight">
            <legend class="small">{verdict ? t.review.newVerdict : t.review.yourVerdict}</legend>
            {Object.entries(eventText.verdicts).map(([value, name]) => (
              <label key={value} class="check">
                <input type="radio" name="verdict" value={value} required />
                <span>{name}</span>
              </label>
            ))}
          </fieldset>
          <label class="field">
            <span>{t.review.verdictReason}</span>
            <textarea name="reason" required maxLength={2000} rows={2} />
          </label>
          <Problem>{error}</Problem>
          <div class="row">
            <button class="primary" disabled={busy}>
              {t.review.submitVerdict}
            </button>
            <span class="small muted">{t.review.submittedAs(user.name || user.email)}</span>
          </div>
        </form>
      ) : (
        <p class="small muted">{t.review.verdictLater}</p>
      )}
    </section>
  );
}
