import type { CheckInRecord } from '../../protocol/http/check-in.ts';
import { dateAndTime } from '../shared/time-format.ts';
import { t } from './messages.ts';

/** What staff decided at the check-in, and when its photos are erased. */
export function RecordCheckIn({ checkIn: { decisions, wants, erasedAt } }: { readonly checkIn: CheckInRecord }) {
  return (
    <section class="card stack" aria-labelledby="my-check-in">
      <h2 id="my-check-in">{t.checkIn.title}</h2>
      <ol class="plain stack tight">
        {decisions.map(({ id, decision, by, at, reason }) => (
          <li key={id}>
            {t.checkIn.decided(t.checkIn.decisions[decision], by?.name, dateAndTime(at))}
            {reason !== null && <p class="said small">{reason}</p>}
          </li>
        ))}
      </ol>
      {(wants.photo || wants.document) && (
        <p class="small muted">
          {erasedAt === null ? t.checkIn.notErased(wants.keepDays) : t.checkIn.erased(dateAndTime(erasedAt))}
        </p>
      )}
    </section>
  );
}
