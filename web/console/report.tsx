import { Accommodations } from './accommodations.tsx';
import { SessionCheckIn } from './check-in/session-check-in.tsx';
import { useMemo, useState } from 'preact/hooks';
import { isStudentWord } from '../../protocol/event-types.ts';
import type { Event } from '../../protocol/events.ts';
import type { Review } from '../../protocol/http/reviews.ts';
import type { Api } from '../shared/api.ts';
import { eventTitle, toneOf } from '../shared/event-name.ts';
import { Problem } from '../shared/field.tsx';
import { proctorNote } from '../shared/proctor-note.ts';
import { requestNote } from '../shared/request-note.ts';
import { saveFile } from '../shared/save-file.ts';
import { SourceBadge } from '../shared/source-badge.tsx';
import { ShownZone, useZone, zoneName } from '../shared/shown-zone.ts';
import { dateAndSeconds, duration, zonedTimeOfDay } from '../shared/time-format.ts';
import { useAction } from '../shared/use-action.ts';
import { Evidence } from './evidence.tsx';
import { FrameLine } from './frame-line.tsx';
import { common } from '../shared/messages/common.ts';
import { eventText } from '../shared/messages/events.ts';
import type { LogWatch } from './log-watch.ts';
import { t } from './messages.ts';
import { personName } from './person-name.ts';
import { PictureCache } from './picture-cache.ts';
import { ReportChart } from './report-chart.tsx';
import { ReportReleases } from './report-releases.tsx';
import { ReportLogSection } from './report-log.tsx';
import { ReportTalk } from './report-talk.tsx';
import { ReviewBadge } from './review-badge.tsx';
import { reviewable } from './review-state.ts';
import { riskCurve } from './risk-curve.ts';
import { Scores } from './scores.tsx';
import { detailLines } from './event-details.ts';
import { SessionHead } from './session-head.tsx';
import { StaffActs } from './staff-acts.tsx';
import { shownName } from './shown-name.ts';
import { StudentPlace } from './student-place.tsx';
import { rangeOf } from './timeline.ts';
import { authorIn } from './use-authors.ts';
import { TimelineView } from './timeline-view.tsx';
import { usePrefs } from './use-prefs.ts';
import { type AttemptView, type SessionData, useSessionData } from './use-session.ts';

interface ReportProps {
  readonly api: Api;
  readonly id: string;
  readonly watch: LogWatch;
}

/** The whole session on one page, for print or PDF. */
export function Report(props: ReportProps) {
  const data = useSessionData(props.api, props.id);
  return (
    <ShownZone.Provider value={data.zone}>
      <ReportPage {...props} data={data} />
    </ShownZone.Provider>
  );
}

function ReportPage({ api, id, watch, data }: ReportProps & { readonly data: SessionData }) {
  const { session, attempt, events, halfLife, problem } = data;
  const zone = useZone();
  const prefs = usePrefs();
  const [pictures, setPictures] = useState(true);
  const [cache] = useState(() => new PictureCache(api));
  const [now] = useState(Date.now);
  const saving = useAction();
  const save = () =>
    void saving.run(async () =>
      saveFile(`report-${id}.pdf`, await api.download(`/api/sessions/${id}/report?pictures=${pictures}`)),
    );
  const range = session && rangeOf(session, now);
  const curve = useMemo(
    () => (range ? riskCurve(events, range, now, halfLife) : undefined),
    [events, range?.from, range?.to, halfLife],
  );
  if (!session || !attempt || !range || !curve)
    return problem ? <Problem>{problem}</Problem> : <p class="muted">{common.loading}</p>;
  const hidden = prefs.names === 'hidden';
  const incidents = reviewable(events, false);
  const others = reviewable(events, true).filter((event) => !incidents.includes(event) && !isStudentWord(event.type));
  return (
    <article class={`report stack pictures-${prefs.pictures}`}>
      <div class="row between no-print">
        <SessionHead
          session={session}
          examTitle={attempt.exam.title}
          attempt={attempt}
          names={prefs.names}
          page="report"
        />
        <div class="row">
          <label class="check">
            <input type="checkbox" checked={pictures} onChange={(event) => setPictures(event.currentTarget.checked)} />
            <span class="small">{t.report.includeImages}</span>
          </label>
          <button class="primary" onClick={() => print()}>
            {t.report.print}
          </button>
          <button disabled={saving.busy} onClick={save}>
            {t.report.download}
          </button>
        </div>
      </div>
      {saving.error && <Problem>{saving.error}</Problem>}
      <header class="stack tight">
        <h2>{t.report.title(attempt.exam.title)}</h2>
        <p>
          {shownName(session, prefs.names)}
          {!hidden && <span class="muted"> · {attempt.student.email}</span>}
        </p>
        <StudentPlace session={session} student={attempt.student} names={prefs.names} />
      </header>
      <dl class="facts">
        <dt>{t.report.session}</dt>
        <dd class="code">{session.id}</dd>
        <dt>{t.report.began}</dt>
        <dd>{dateAndSeconds(session.startedAt, zone)}</dd>
        <dt>{t.report.ended}</dt>
        <dd>
          {session.endedAt ? endOf(session.endedAt, attempt.session.endReason ?? 'ended', zone) : t.report.inProgress}
        </dd>
        <dt>{t.report.zone}</dt>
        <dd>{zoneName(zone, session.startedAt)}</dd>
        <dt>{t.report.policy}</dt>
        <dd>{t.report.policyVersion(attempt.session.policyVersion)}</dd>
      </dl>
      <Accommodations given={attempt.session.accommodations} />
      <Scores session={attempt.session} attention={attempt.attention} />
      <p class="small muted">{t.report.scoreMeaning}</p>
      {attempt.checkIn && (
        <section class="stack tight">
          <h2>{t.checkIn.record}</h2>
          <SessionCheckIn api={api} checkIn={attempt.checkIn} withPictures={pictures} />
        </section>
      )}
      <section class="stack tight">
        <h2>{t.report.verdict}</h2>
        {attempt.verdicts.length === 0 && <p>{t.report.noVerdict}</p>}
        {attempt.verdicts.map(({ id: key, verdict, reason, by, at }, i) => (
          <p key={key} class={i === 0 ? '' : 'muted'}>
            <strong>{eventText.verdicts[verdict]}</strong>,{' '}
            {t.review.verdictBy(personName(by), dateAndSeconds(at, zone))} {reason} {i > 0 && t.report.replaced}
          </p>
        ))}
      </section>
      <ReportReleases api={api} session={id} />
      <StaffActs attempt={attempt} events={events} />
      <ReportTalk api={api} session={session} events={events} />
      <section class="stack tight">
        <h2>{t.report.timeline}</h2>
        <TimelineView
          events={events}
          range={range}
          now={now}
          live={session.status !== 'ended'}
          authorOf={authorIn(attempt.staff)}
        />
        <ReportChart curve={curve} />
      </section>
      <section class="stack tight">
        <h2>{t.report.analysis}</h2>
        <FrameLine api={api} id={id} whole />
      </section>
      <section class="stack">
        <h2>{t.report.incidents}</h2>
        {incidents.length === 0 && <p>{t.report.none}</p>}
        {incidents.map((event) => (
          <ReportIncident
            key={event.id}
            api={api}
            event={event}
            reviews={attempt.reviews.filter(({ eventId }) => eventId === event.id)}
            pictures={pictures ? cache : undefined}
            staff={attempt.staff}
          />
        ))}
      </section>
      {others.length > 0 && (
        <section class="stack tight">
          <h2>{t.report.otherEvents}</h2>
          <ul class="small">
            {others.map((event) => (
              <li key={event.id}>
                {zonedTimeOfDay(event.startedAt, zone)} {eventTitle(event)} <SourceBadge source={event.source} />
                {noteOf(event)}
                {pictures && isPictured(event) && (
                  <Evidence api={api} event={event.id} version={event.endedAt ?? ''} pictures={cache} />
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
      <ReportLogSection api={api} watch={watch} id={id} />
      <footer class="small muted">{t.report.created(dateAndSeconds(now, zone))}</footer>
    </article>
  );
}

/** Events of staff and of the server that have pictures. */
const isPictured = ({ type, details }: Event): boolean =>
  type === 'START_PICTURE' ||
  type === 'FACE_CHECK' ||
  type === 'PROCTOR_SNAPSHOT' ||
  type === 'PROCTOR_FLAG' ||
  (type === 'ROOM_LOOK' && Number(details['pictures']) > 0);

/** The outcome of a request, and the words of its author. */
const noteOf = (event: Event): string => {
  const words = [requestNote(event), proctorNote(event)].filter(Boolean).join(' · ');
  return words && `: ${words}`;
};

const endOf = (endedAt: string, reason: string, zone: string): string =>
  t.report.endedBecause(dateAndSeconds(endedAt, zone), t.report.endReasons[reason] ?? reason);

interface ReportIncidentProps {
  readonly api: Api;
  readonly event: Event;
  readonly reviews: readonly Review[];
  /** Undefined: without pictures. */
  readonly pictures: PictureCache | undefined;
  /** Names of authors of acts. */
  readonly staff: AttemptView['staff'];
}

function ReportIncident({ api, event, reviews, pictures, staff }: ReportIncidentProps) {
  const zone = useZone();
  return (
    <div class="report-incident stack tight">
      <div class="row tight">
        <h3 class={toneOf(event)}>{eventTitle(event)}</h3>
        <ReviewBadge review={event.review} />
        <SourceBadge source={event.source} />
        <span class="small muted">
          {zonedTimeOfDay(event.startedAt, zone)}
          {event.durationMs ? ` · ${duration(event.durationMs)}` : ''} · {t.review.weight(event.weight)}
        </span>
      </div>
      <p class="small">
        {detailLines(event, staff ?? [], zone)
          .map(({ name, text }) => `${name}: ${text}`)
          .join(' · ')}
      </p>
      {pictures && (event.source === 'vision' || isPictured(event)) && (
        <Evidence api={api} event={event.id} version={event.endedAt ?? ''} pictures={pictures} />
      )}
      {reviews.map(({ id, decision, reason, by, at }) => (
        <p key={id} class="small">
          {t.report.decision(t.review.decisions[decision], personName(by), dateAndSeconds(at, zone))} {reason}
        </p>
      ))}
    </div>
  );
}
