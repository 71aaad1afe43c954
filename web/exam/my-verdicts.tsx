import { useEffect, useState } from 'preact/hooks';
import type { Event } from '../../protocol/events.ts';
import type { MyVerdict } from '../../protocol/http/verdict-steps.ts';
import type { Api } from '../shared/api.ts';
import { eventTitle } from '../shared/event-name.ts';
import { Problem } from '../shared/field.tsx';
import { common } from '../shared/messages/common.ts';
import { eventText } from '../shared/messages/events.ts';
import { dateAndTime } from '../shared/time-format.ts';
import { useAction } from '../shared/use-action.ts';
import { t } from './messages.ts';
import { OwnPicture } from './own-picture.tsx';
import { StatementForm } from './statement-form.tsx';
import { WithdrawAppeal } from './withdraw-appeal.tsx';

interface MyVerdictsProps {
  readonly api: Api;
  readonly session: string;
  readonly events: readonly Event[];
}

type Answer = { readonly items: readonly MyVerdict[] };

/** Released verdicts of the student's own session, with their answer and appeal. */
export function MyVerdicts({ api, session, events }: MyVerdictsProps) {
  const [verdicts, setVerdicts] = useState<readonly MyVerdict[]>();
  const { busy, error, run } = useAction();
  const path = `/api/proctoring/my-attempt/${session}`;
  const act = (work: () => Promise<Answer>) => void run(async () => setVerdicts((await work()).items));
  useEffect(() => act(() => api.get<Answer>(`${path}/verdicts`)), [api, path]);
  return (
    <section class="card stack" aria-labelledby="my-verdicts">
      <h2 id="my-verdicts">{t.verdicts.title}</h2>
      {!verdicts && busy && <p class="muted">{common.loading}</p>}
      {verdicts?.length === 0 && <p class="muted">{t.verdicts.none}</p>}
      <Problem>{error}</Problem>
      {verdicts?.map((verdict, i) => (
        <article key={verdict.release} class="stack">
          {i > 0 && <p class="small muted">{t.verdicts.earlier}</p>}
          <Given verdict={verdict} />
          {verdict.pictures.length > 0 && (
            <div class="stack tight">
              <h3>{t.verdicts.pictures}</h3>
              <div class="row deciding">
                {verdict.pictures.map(({ id, eventId, at }) => {
                  const event = events.find((each) => each.id === eventId);
                  const label = t.verdicts.picture(event ? eventTitle(event) : '', dateAndTime(at));
                  return <OwnPicture key={id} api={api} path={`${path}/pictures/${id}`} label={label} />;
                })}
              </div>
            </div>
          )}
          <Answers
            verdict={verdict}
            busy={busy}
            onAnswer={(text) => act(() => api.post<Answer>(`${path}/answer`, { text }))}
            onAppeal={(text) => act(() => api.post<Answer>(`${path}/appeal`, { text }))}
            onWithdraw={() => act(() => api.post<Answer>(`${path}/appeal/withdraw`))}
          />
        </article>
      ))}
    </section>
  );
}

function Given({ verdict: { verdict, reason, by, at } }: { readonly verdict: MyVerdict }) {
  return (
    <div class="note stack tight">
      <p>
        <b>{eventText.verdicts[verdict]}</b>{' '}
        <span class="muted small">{t.verdicts.given(by?.name, dateAndTime(at))}</span>
      </p>
      <p class="said">{reason}</p>
    </div>
  );
}

interface AnswersProps {
  readonly verdict: MyVerdict;
  readonly busy: boolean;
  readonly onAnswer: (text: string) => void;
  readonly onAppeal: (text: string) => void;
  readonly onWithdraw: () => void;
}

/** What the student has said, may say, and what came of it. */
function Answers({ verdict, busy, onAnswer, onAppeal, onWithdraw }: AnswersProps) {
  const { answer, appeal, outcome, answerUntil, appealUntil } = verdict;
  return (
    <>
      {answer && (
        <div class="stack tight">
          <p class="small muted">{t.verdicts.yourAnswer(dateAndTime(answer.at))}</p>
          <p class="said">{answer.text}</p>
        </div>
      )}
      {verdict.mayAnswer && answerUntil && (
        <StatementForm
          label={t.verdicts.answerLabel}
          hint={t.verdicts.answerUntil(dateAndTime(answerUntil))}
          send={t.verdicts.sendAnswer}
          busy={busy}
          onSend={onAnswer}
        />
      )}
      {appeal && (
        <div class="stack tight">
          <p class="small muted">{t.verdicts.yourAppeal(dateAndTime(appeal.at))}</p>
          <p class="said">{appeal.text}</p>
        </div>
      )}
      {appeal && !outcome && <WithdrawAppeal busy={busy} onWithdraw={onWithdraw} />}
      {outcome && (
        <div class="note stack tight">
          <p>
            <b>{t.verdicts.outcomes[outcome.outcome]}</b>
            {outcome.verdict && `: ${eventText.verdicts[outcome.verdict]}`}{' '}
            <span class="muted small">{t.verdicts.outcome(outcome.by?.name, dateAndTime(outcome.at))}</span>
          </p>
          {outcome.reason !== null && <p class="said">{outcome.reason}</p>}
        </div>
      )}
      {verdict.mayAppeal && appealUntil && (
        <StatementForm
          label={t.verdicts.appealLabel}
          hint={t.verdicts.appealUntil(dateAndTime(appealUntil))}
          send={t.verdicts.sendAppeal}
          busy={busy}
          onSend={onAppeal}
        />
      )}
    </>
  );
}
