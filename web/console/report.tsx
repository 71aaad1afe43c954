import { useMemo, useState } from 'preact/hooks';
import type { Event } from '../../protocol/events.ts';
import type { Review } from '../../protocol/http/reviews.ts';
import type { Api } from '../shared/api.ts';
import { eventTitle, toneOf } from '../shared/event-name.ts';
import { Problem } from '../shared/field.tsx';
import { SourceBadge } from '../shared/source-badge.tsx';
import { dateAndTime, duration, timeOfDay } from '../shared/time-format.ts';
import { Evidence } from './evidence.tsx';
import { FrameLine } from './frame-line.tsx';
import type { LogWatch } from './log-watch.ts';
import { personName } from './person-name.ts';
import { ReportChart } from './report-chart.tsx';
import { ReportLogSection } from './report-log.tsx';
import { REVIEW_NAMES, ReviewBadge } from './review-badge.tsx';
import { reviewable } from './review-state.ts';
import { riskCurve } from './risk-curve.ts';
import { Scores } from './scores.tsx';
import { detailLines } from './seen-details.ts';
import { SessionHead } from './session-head.tsx';
import { shownName } from './shown-name.ts';
import { rangeOf } from './timeline.ts';
import { TimelineView } from './timeline-view.tsx';
import { usePrefs } from './use-prefs.ts';
import { useSessionData } from './use-session.ts';
import { VERDICT_NAMES } from './verdict-names.ts';

interface ReportProps {
  readonly api: Api;
  readonly id: string;
  readonly watch: LogWatch;
}

/** All of a session on one page, for paper or a PDF of the browser's print. */
export function Report({ api, id, watch }: ReportProps) {
  const { session, attempt, events, halfLife, problem } = useSessionData(api, id);
  const prefs = usePrefs();
  const [pictures, setPictures] = useState(true);
  const [now] = useState(Date.now);
  const range = session && rangeOf(session, now);
  const curve = useMemo(
    () => (range ? riskCurve(events, range, now, halfLife) : undefined),
    [events, range?.from, range?.to, halfLife],
  );
  if (!session || !attempt || !range || !curve)
    return problem ? <Problem>{problem}</Problem> : <p class="muted">Loading …</p>;
  const hidden = prefs.names === 'hidden';
  const incidents = reviewable(events, false);
  const others = reviewable(events, true).filter((event) => !incidents.includes(event));
  return (
    <article class={`report stack pictures-${prefs.pictures}`}>
      <div class="row between no-print">
        <SessionHead session={session} examTitle={attempt.exam.title} names={prefs.names} page="report" />
        <div class="row">
          <label class="check">
            <input type="checkbox" checked={pictures} onChange={(event) => setPictures(event.currentTarget.checked)} />
            <span class="small">With pictures</span>
          </label>
          <button class="primary" onClick={() => print()}>
            Print or save as PDF
          </button>
        </div>
      </div>
      <header class="stack tight">
        <h2>Report: {attempt.exam.title}</h2>
        <p>
          {shownName(session, prefs.names)}
          {!hidden && <span class="muted"> · {attempt.student.email}</span>}
        </p>
      </header>
      <dl class="facts">
        <dt>Session</dt>
        <dd class="code">{session.id}</dd>
        <dt>Began</dt>
        <dd>{dateAndTime(session.startedAt)}</dd>
        <dt>Ended</dt>
        <dd>
          {session.endedAt
            ? `${dateAndTime(session.endedAt)} (${attempt.session.endReason ?? 'ended'})`
            : 'still running'}
        </dd>
        <dt>Policy</dt>
        <dd>version {attempt.session.policyVersion}</dd>
      </dl>
      <Scores session={attempt.session} />
      <p class="small muted">
        A score orders attention; it decides nothing. What counts is what people decided, below.
      </p>
      <section class="stack tight">
        <h2>Verdict</h2>
        {attempt.verdicts.length === 0 && <p>Nobody has judged yet.</p>}
        {attempt.verdicts.map(({ id: key, verdict, reason, by, at }, i) => (
          <p key={key} class={i === 0 ? '' : 'muted'}>
            <strong>{VERDICT_NAMES[verdict]}</strong>
            {i > 0 && ' (replaced)'}: {reason}. {personName(by)}, {dateAndTime(at)}
          </p>
        ))}
      </section>
      <section class="stack tight">
        <h2>Along the time</h2>
        <TimelineView events={events} range={range} now={now} live={session.status !== 'ended'} />
        <ReportChart curve={curve} />
      </section>
      <section class="stack tight">
        <h2>What the models looked at</h2>
        <FrameLine api={api} id={id} whole />
      </section>
      <section class="stack">
        <h2>Incidents</h2>
        {incidents.length === 0 && <p>Nothing was noted.</p>}
        {incidents.map((event) => (
          <ReportIncident
            key={event.id}
            api={api}
            event={event}
            reviews={attempt.reviews.filter(({ eventId }) => eventId === event.id)}
            pictures={pictures}
          />
        ))}
      </section>
      {others.length > 0 && (
        <section class="stack tight">
          <h2>What else was recorded</h2>
          <ul class="small">
            {others.map((event) => (
              <li key={event.id}>
                {timeOfDay(event.startedAt)} {eventTitle(event)} <SourceBadge source={event.source} />
                {detailLines(event)
                  .filter(({ name }) => event.source === 'proctor' && (name === 'Message' || name === 'Reason'))
                  .map(({ words }) => `: ${words}`)}
              </li>
            ))}
          </ul>
        </section>
      )}
      <ReportLogSection api={api} watch={watch} id={id} />
      <footer class="small muted">Made {dateAndTime(new Date(now).toISOString())}.</footer>
    </article>
  );
}

interface ReportIncidentProps {
  readonly api: Api;
  readonly event: Event;
  readonly reviews: readonly Review[];
  readonly pictures: boolean;
}

function ReportIncident({ api, event, reviews, pictures }: ReportIncidentProps) {
  return (
    <div class="report-incident stack tight">
      <div class="row tight">
        <h3 class={toneOf(event)}>{eventTitle(event)}</h3>
        <ReviewBadge review={event.review} />
        <SourceBadge source={event.source} />
        <span class="small muted">
          {timeOfDay(event.startedAt)}
          {event.durationMs ? `, ${duration(event.durationMs)}` : ''}; weighs {event.weight}
        </span>
      </div>
      <p class="small">
        {detailLines(event)
          .map(({ name, words }) => `${name}: ${words}`)
          .join(' · ')}
      </p>
      {pictures && event.source === 'vision' && <Evidence api={api} event={event.id} version={event.endedAt ?? ''} />}
      {reviews.map(({ id, decision, reason, by, at }) => (
        <p key={id} class="small">
          {REVIEW_NAMES[decision]} by {personName(by)}, {dateAndTime(at)}: {reason}
        </p>
      ))}
    </div>
  );
}
