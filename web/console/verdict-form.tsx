import { useRef, useState } from 'preact/hooks';
import type { User } from '../../protocol/http/accounts.ts';
import type { Verdict } from '../../protocol/http/reviews.ts';
import type { Api } from '../shared/api.ts';
import { formValues, Problem } from '../shared/field.tsx';
import { eventText } from '../shared/messages/events.ts';
import { useZone } from '../shared/shown-zone.ts';
import { dateAndTime } from '../shared/time-format.ts';
import { useAction } from '../shared/use-action.ts';
import { givenReasons, rememberReason } from './given-reasons.ts';
import { t } from './messages.ts';
import { personName } from './person-name.ts';
import { ReasonField } from './reason-field.tsx';

interface VerdictFormProps {
  readonly api: Api;
  readonly session: string;
  /** Whether the session has ended. */
  readonly over: boolean;
  /** Whether an appeal is open. */
  readonly appealed: boolean;
  readonly user: User;
  /** The current verdict. */
  readonly verdict: Verdict | null;
  readonly onGiven: () => Promise<void>;
}

export const VERDICTS: readonly Verdict['verdict'][] = ['no_concern', 'concern', 'violation'];

/** Id of the fieldset that the key for the verdict leads to. */
export const VERDICT_CHOICE = 'verdict-choice';

/** The verdict on a session: by the person who is logged in, with a reason, and never derived from the score. */
export function VerdictForm({ api, session, over, appealed, user, verdict, onGiven }: VerdictFormProps) {
  const zone = useZone();
  const { busy, error, run } = useAction();
  const [chosen, setChosen] = useState<Verdict['verdict']>();
  /** Clears the reason. */
  const [given, setGiven] = useState(0);
  const reason = useRef<HTMLTextAreaElement | null>(null);
  const submit = (event: SubmitEvent) => {
    const { verdict: value, reason: written = '' } = formValues(event);
    void run(async () => {
      await api.post<Verdict>(`/api/sessions/${session}/verdict`, { verdict: value, reason: written });
      rememberReason(user.id, 'verdict', written);
      setChosen(undefined);
      setGiven((count) => count + 1);
      await onGiven();
    });
  };
  const press = (event: KeyboardEvent) => {
    const named = event.ctrlKey || event.altKey || event.metaKey ? undefined : VERDICTS[Number(event.key) - 1];
    if (!named) return;
    event.preventDefault();
    setChosen(named);
    reason.current?.focus();
  };
  const usual = chosen ? t.review.verdictReasons[chosen] : [];
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
      {over && !appealed ? (
        <form class="stack" onSubmit={submit}>
          <fieldset class="plain stack tight" id={VERDICT_CHOICE} onKeyDown={press}>
            <legend class="small">{verdict ? t.review.newVerdict : t.review.yourVerdict}</legend>
            {VERDICTS.map((value) => (
              <label key={value} class="check">
                <input
                  type="radio"
                  name="verdict"
                  value={value}
                  required
                  checked={chosen === value}
                  onChange={() => setChosen(value)}
                />
                <span>{eventText.verdicts[value]}</span>
              </label>
            ))}
          </fieldset>
          <ReasonField
            key={given}
            label={t.review.verdictReason}
            suggestions={[...new Set([...usual, ...givenReasons(user.id, 'verdict')])]}
            rows={2}
            onField={(field) => (reason.current = field)}
          />
          <p class="small muted">{t.review.verdictKeys}</p>
          <Problem>{error}</Problem>
          <div class="row">
            <button class="primary" disabled={busy}>
              {t.review.submitVerdict}
            </button>
            <span class="small muted">{t.review.submittedAs(user.name || user.email)}</span>
          </div>
        </form>
      ) : (
        <p class="small muted">{over ? t.review.verdictAppealed : t.review.verdictLater}</p>
      )}
    </section>
  );
}
