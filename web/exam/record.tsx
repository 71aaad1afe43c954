import { useEffect, useState } from 'preact/hooks';
import type { Event } from '../../protocol/events.ts';
import type { Api } from '../shared/api.ts';
import { EventList } from '../shared/event-list.tsx';
import { Problem } from '../shared/field.tsx';
import { LevelBadge } from '../shared/level-badge.tsx';
import { PageTitle } from '../shared/page-title.tsx';
import { readEvents } from '../shared/read-events.ts';
import { dateAndTime } from '../shared/time-format.ts';
import { useAction } from '../shared/use-action.ts';
import { type MyAttempt, Tally } from './record-parts.tsx';
import { hrefOf } from './route.ts';

const VERDICTS = { no_concern: 'No concern', concern: 'Concern', violation: 'Violation' } as const;

interface RecordProps {
  readonly api: Api;
  readonly sessionId: string;
}

/** A student's own record of one exam: all that is stored of it, and what people made of it. */
export function Record({ api, sessionId }: RecordProps) {
  const [attempt, setAttempt] = useState<MyAttempt>();
  const [events, setEvents] = useState<readonly Event[]>([]);
  const { busy, error, run } = useAction();
  const load = () =>
    void run(async () => {
      const [mine, all] = await Promise.all([
        api.get<MyAttempt>(`/api/proctoring/my-attempt/${sessionId}`),
        readEvents(api, sessionId),
      ]);
      setEvents(all.toReversed());
      setAttempt(mine);
    });
  useEffect(load, [api, sessionId]);
  return (
    <section class="middle stack">
      <PageTitle>{attempt ? attempt.exam.title : 'Your record'}</PageTitle>
      {busy && <p class="muted">Loading …</p>}
      <Problem>{error}</Problem>
      {attempt && <Found attempt={attempt} events={events} />}
      <div class="row">
        <a class="button" href={hrefOf({ page: 'exams' })}>
          Back to the exams
        </a>
        <button disabled={busy} onClick={load}>
          Refresh
        </button>
      </div>
    </section>
  );
}

function Found({ attempt, events }: { readonly attempt: MyAttempt; readonly events: readonly Event[] }) {
  const { session, verdict } = attempt;
  return (
    <>
      <div class="card stack">
        <h2>Score and decision</h2>
        <p class="muted">
          {dateAndTime(session.startedAt)}
          {session.endedAt ? ` to ${dateAndTime(session.endedAt)}` : ', still running'}
        </p>
        <p class="row">
          <LevelBadge level={session.reviewedLevel} />
          <span>
            Score {session.riskScore.toFixed(0)}
            {session.reviewedScore !== session.riskScore &&
              `; ${session.reviewedScore.toFixed(0)} without what a person has dismissed`}
            . It decides nothing.
          </span>
        </p>
        {verdict ? (
          <p class="note">
            <b>{VERDICTS[verdict.verdict]}</b>, decided by {verdict.by.name} on {dateAndTime(verdict.at)}:{' '}
            {verdict.reason}
          </p>
        ) : (
          <p class="muted">Nobody has decided anything about it.</p>
        )}
      </div>
      <div class="card stack">
        <h2>What was recorded</h2>
        <Tally attempt={attempt} events={events} />
      </div>
      <div class="card stack">
        <h2>Every entry</h2>
        <EventList events={events} empty="None." />
      </div>
    </>
  );
}
