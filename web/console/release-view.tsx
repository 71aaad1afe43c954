import type { Release } from '../../protocol/http/verdict-steps.ts';
import { eventText } from '../shared/messages/events.ts';
import { useZone } from '../shared/shown-zone.ts';
import { dateAndTime } from '../shared/time-format.ts';
import { t } from './messages.ts';
import { personName } from './person-name.ts';

/** A release with what followed it. */
export function ReleaseView({ release }: { readonly release: Release }) {
  const zone = useZone();
  const { verdict, by, at, answerUntil, appealUntil, answer, appeal } = release;
  const outcome = appeal?.outcome;
  return (
    <article class="stack tight release">
      <p>
        <strong>{eventText.verdicts[verdict.verdict]}</strong>{' '}
        <span class="small muted">{t.verdicts.releasedBy(personName(by), dateAndTime(at, zone))}</span>
      </p>
      {!answer && answerUntil && <p class="small muted">{t.verdicts.noAnswer(dateAndTime(answerUntil, zone))}</p>}
      {answer && <Said intro={t.verdicts.answer(dateAndTime(answer.at, zone))} text={answer.text} />}
      {!appeal && appealUntil && <p class="small muted">{t.verdicts.noAppeal(dateAndTime(appealUntil, zone))}</p>}
      {appeal && <Said intro={t.verdicts.appeal(dateAndTime(appeal.at, zone))} text={appeal.text} />}
      {appeal && !outcome && (
        <p class="small">
          {t.verdicts.open} {appeal.officer ? t.verdicts.decides(personName(appeal.officer)) : t.verdicts.undecided}
        </p>
      )}
      {outcome && (
        <div class="note stack tight">
          <p>
            <strong>{t.verdicts.outcomes[outcome.outcome]}</strong>
            {outcome.verdict && `: ${eventText.verdicts[outcome.verdict.verdict]}`}{' '}
            <span class="small muted">
              {t.verdicts.outcomeBy(personName(outcome.by), dateAndTime(outcome.at, zone))}
            </span>
          </p>
          {outcome.reason !== null && <p class="said">{outcome.reason}</p>}
        </div>
      )}
    </article>
  );
}

function Said({ intro, text }: { readonly intro: string; readonly text: string }) {
  return (
    <div class="stack tight">
      <p class="small muted">{intro}</p>
      <p class="said">{text}</p>
    </div>
  );
}
