import { useState } from 'preact/hooks';
import type { Readmission } from '../../protocol/http/readmissions.ts';
import type { Api } from '../shared/api.ts';
import { Problem } from '../shared/field.tsx';
import { number } from '../shared/messages/numbers.ts';
import { useZone } from '../shared/shown-zone.ts';
import { dateAndTime } from '../shared/time-format.ts';
import { useAction } from '../shared/use-action.ts';
import { t } from './messages.ts';
import { personName } from './person-name.ts';
import { ReadmitDialog } from './readmit-dialog.tsx';
import { hrefOf } from './route.ts';
import type { AttemptView } from './use-session.ts';

interface ReadmissionsProps {
  readonly api: Api;
  readonly attempt: AttemptView;
  /** By the socket, which is ahead of `attempt`. */
  readonly ended: boolean;
  readonly name: string;
  readonly mayReadmit: boolean;
  readonly onChanged: () => Promise<void>;
}

const stateOf = ({ usedAt, withdrawnAt }: Readmission, zone: string): string => {
  if (usedAt) return t.session.readmissionState.used(dateAndTime(usedAt, zone));
  if (withdrawnAt) return t.session.readmissionState.withdrawn(dateAndTime(withdrawnAt, zone));
  return t.session.readmissionState.pending;
};

/** All attempts of the student at the exam, and readmissions to it. */
export function Readmissions({ api, attempt, ended, name, mayReadmit, onChanged }: ReadmissionsProps) {
  const zone = useZone();
  const [asked, setAsked] = useState(false);
  const { busy, error, run } = useAction();
  const { session, attempts, readmissions } = attempt;
  const pending = readmissions.some(({ usedAt, withdrawnAt }) => !usedAt && !withdrawnAt);
  const latest = attempts[0]?.id === session.id;
  const mayAsk = mayReadmit && ended && latest && !pending;
  if (attempts.length < 2 && readmissions.length === 0 && !mayAsk) return null;
  return (
    <section class="card stack" aria-labelledby="readmission">
      <h2 id="readmission">{attempts.length > 1 ? t.session.attempts : t.session.readmission}</h2>
      {attempts.length > 1 && (
        <ul class="plain stack tight small">
          {attempts.map((each) => {
            const text = t.session.attemptOf(number(each.attempt), dateAndTime(each.startedAt, zone));
            return (
              <li key={each.id}>
                {each.id === session.id ? (
                  <>
                    {text} {t.session.thisOne}
                  </>
                ) : (
                  <a href={hrefOf({ page: each.status === 'ended' ? 'review' : 'session', session: each.id })}>
                    {text}
                  </a>
                )}
              </li>
            );
          })}
        </ul>
      )}
      {readmissions.map((one) => (
        <div key={one.id} class="note stack tight small">
          <p>
            {t.session.readmitted[one.kind](personName(one.by), dateAndTime(one.at, zone))} {one.reason}
          </p>
          <p>{stateOf(one, zone)}</p>
          {mayReadmit && !one.usedAt && !one.withdrawnAt && (
            <p>
              <button
                class="small"
                disabled={busy}
                onClick={() =>
                  void run(async () => {
                    await api.delete(`/api/sessions/${session.id}/readmissions/${one.id}`);
                    await onChanged();
                  })
                }
              >
                {t.session.withdraw}
              </button>
            </p>
          )}
        </div>
      ))}
      <Problem>{error}</Problem>
      {mayAsk && (
        <p>
          <button aria-haspopup="dialog" onClick={() => setAsked(true)}>
            {t.session.readmit}
          </button>
        </p>
      )}
      {asked && (
        <ReadmitDialog
          api={api}
          attempt={attempt}
          name={name}
          onDone={() => {
            setAsked(false);
            void run(onChanged);
          }}
          onClose={() => setAsked(false)}
        />
      )}
    </section>
  );
}
