import type { User } from '../../protocol/http/accounts.ts';
import type { Verdict } from '../../protocol/http/reviews.ts';
import type { Api } from '../shared/api.ts';
import { formValues, Problem } from '../shared/field.tsx';
import { dateAndTime } from '../shared/time-format.ts';
import { useAction } from '../shared/use-action.ts';
import { personName } from './person-name.ts';
import { VERDICT_NAMES } from './verdict-names.ts';

interface VerdictFormProps {
  readonly api: Api;
  readonly session: string;
  readonly over: boolean;
  readonly user: User;
  /** The one that counts. */
  readonly verdict: Verdict | null;
  readonly onGiven: () => Promise<void>;
}

/** The judgement of a session: by the person who is logged in, with a reason, and never by the score. */
export function VerdictForm({ api, session, over, user, verdict, onGiven }: VerdictFormProps) {
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
      <h2 id="verdict-title">Verdict</h2>
      {verdict ? (
        <p class="note">
          <strong>{VERDICT_NAMES[verdict.verdict]}</strong>, by {personName(verdict.by)}, {dateAndTime(verdict.at)}:{' '}
          {verdict.reason}
        </p>
      ) : (
        <p class="muted">Nobody has judged yet.</p>
      )}
      {over ? (
        <form class="stack" onSubmit={submit}>
          <fieldset class="plain stack tight">
            <legend class="small">{verdict ? 'A new verdict, which then counts' : 'Your verdict'}</legend>
            {Object.entries(VERDICT_NAMES).map(([value, name]) => (
              <label key={value} class="check">
                <input type="radio" name="verdict" value={value} required />
                <span>{name}</span>
              </label>
            ))}
          </fieldset>
          <label class="field">
            <span>Reason of the verdict</span>
            <textarea name="reason" required maxLength={2000} rows={2} />
          </label>
          <Problem>{error}</Problem>
          <div class="row">
            <button class="primary" disabled={busy}>
              Give the verdict
            </button>
            <span class="small muted">Signed by {user.name || user.email}</span>
          </div>
        </form>
      ) : (
        <p class="small muted">A verdict can be given once the session is over.</p>
      )}
    </section>
  );
}
