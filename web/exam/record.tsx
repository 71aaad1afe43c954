import { useEffect, useState } from 'preact/hooks';
import type { Event } from '../../protocol/events.ts';
import type { Api } from '../shared/api.ts';
import { EventList } from '../shared/event-list.tsx';
import { Problem } from '../shared/field.tsx';
import { common } from '../shared/messages/common.ts';
import { number } from '../shared/messages/numbers.ts';
import { PageTitle } from '../shared/page-title.tsx';
import { readEvents } from '../shared/read-events.ts';
import { ReviewedLevel } from '../shared/reviewed-level.tsx';
import { zoneName } from '../shared/shown-zone.ts';
import { browserZone } from '../shared/zone-format.ts';
import { dateAndTime } from '../shared/time-format.ts';
import { useAction } from '../shared/use-action.ts';
import { t } from './messages.ts';
import { MyVerdicts } from './my-verdicts.tsx';
import { type MyAttempt, Tally } from './record-parts.tsx';
import { RecordCheckIn } from './record-check-in.tsx';
import { hrefOf } from './route.ts';

interface RecordProps {
  readonly api: Api;
  readonly sessionId: string;
}

/** A student's own record of one exam: every stored event, and what was decided once it is released. */
export function Record({ api, sessionId }: RecordProps) {
  const [attempt, setAttempt] = useState<MyAttempt>();
  const [events, setEvents] = useState<readonly Event[]>([]);
  /** Reads what is released anew with the rest. */
  const [loads, setLoads] = useState(0);
  const { busy, error, run } = useAction();
  const load = () =>
    void run(async () => {
      const [mine, all] = await Promise.all([
        api.get<MyAttempt>(`/api/proctoring/my-attempt/${sessionId}`),
        readEvents(api, sessionId),
      ]);
      setEvents(all.toReversed());
      setAttempt(mine);
      setLoads((count) => count + 1);
    });
  useEffect(load, [api, sessionId]);
  return (
    <section class="middle stack">
      <PageTitle>{attempt ? attempt.exam.title : t.record}</PageTitle>
      {busy && <p class="muted">{common.loading}</p>}
      <Problem>{error}</Problem>
      {attempt && <RecordDetails key={loads} api={api} attempt={attempt} events={events} />}
      <div class="row">
        <a class="button" href={hrefOf({ page: 'exams' })}>
          {t.backToExams}
        </a>
        <button disabled={busy} onClick={load}>
          {common.refresh}
        </button>
      </div>
    </section>
  );
}

interface RecordDetailsProps {
  readonly api: Api;
  readonly attempt: MyAttempt;
  readonly events: readonly Event[];
}

function RecordDetails({ api, attempt, events }: RecordDetailsProps) {
  const { session } = attempt;
  return (
    <>
      <div class="card stack">
        <h2>{t.outcome}</h2>
        <p class="muted">
          {session.endedAt
            ? t.period(dateAndTime(session.startedAt), dateAndTime(session.endedAt))
            : t.inProgress(dateAndTime(session.startedAt))}
        </p>
        <p class="row">
          <ReviewedLevel first={session.riskLevel} reviewed={session.reviewedLevel} />
          <span>
            {t.scoreOf(number(Math.round(session.riskScore)))}
            {session.reviewedScore !== session.riskScore &&
              `; ${t.scoreReviewed(number(Math.round(session.reviewedScore)))}`}
            . {t.scoreMeaning}
          </span>
        </p>
      </div>
      <MyVerdicts api={api} session={session.id} events={events} />
      {attempt.checkIn && <RecordCheckIn checkIn={attempt.checkIn} />}
      <div class="card stack">
        <h2>{t.totals}</h2>
        <Tally attempt={attempt} events={events} />
      </div>
      <div class="card stack">
        <h2>{t.timeline}</h2>
        <p class="small muted">{t.timesIn(zoneName(browserZone(), session.startedAt))}</p>
        <EventList events={events} empty={t.noneRecorded} />
      </div>
    </>
  );
}
