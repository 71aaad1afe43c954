import { useEffect } from 'preact/hooks';
import { AttentionBadge, attentionOf } from './attention.tsx';
import type { Exam } from '../../protocol/http/exams.ts';
import type { ListedSession } from '../../protocol/http/session-list.ts';
import type { Api } from '../shared/api.ts';
import { Problem } from '../shared/field.tsx';
import { LevelBadge } from '../shared/level-badge.tsx';
import { ListTable } from '../shared/list-table.tsx';
import { common } from '../shared/messages/common.ts';
import { eventText } from '../shared/messages/events.ts';
import { number } from '../shared/messages/numbers.ts';
import { MoreButton } from '../shared/more-button.tsx';
import { ResultDownloads } from '../shared/result-downloads.tsx';
import { PageTitle } from '../shared/page-title.tsx';
import { dateAndTime } from '../shared/time-format.ts';
import { usePages } from '../shared/use-pages.ts';
import { browserZone } from '../shared/zone-format.ts';
import { t } from './messages.ts';
import { rememberList } from './next-session.ts';
import { hrefOf } from './route.ts';
import { type SessionFilter, sessionQuery } from './session-filter.ts';
import { SessionFilters } from './session-filters.tsx';
import { shownAddress, shownName } from './shown-name.ts';
import { usePrefs } from './use-prefs.ts';

interface SessionsPageProps {
  readonly api: Api;
  readonly filter: SessionFilter;
  /** For the names in the filter. */
  readonly exams: readonly Exam[] | undefined;
}

/** Sessions of past and present, the ones to review first. */
export function SessionsPage({ api, filter, exams }: SessionsPageProps) {
  const prefs = usePrefs();
  const query = sessionQuery(filter, browserZone()).toString();
  const pages = usePages<ListedSession>(
    (cursor) => api.get(`/api/sessions?${query}${cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`}`),
    [api, query],
  );
  const sessions = pages.items ?? [];
  // Reviews go on from session to session in this order.
  useEffect(() => {
    if (pages.items) rememberList({ query, sessions: pages.items.map(({ id }) => id), cursor: pages.cursor });
  }, [pages.items]);
  const exam = exams?.find(({ id }) => id === filter.exam);
  return (
    <section class="stack">
      <PageTitle>{t.sessions.title}</PageTitle>
      <SessionFilters filter={filter} exams={exams} />
      {exam && <ResultDownloads api={api} exam={exam} />}
      <Problem>{pages.problem}</Problem>
      {!pages.items && pages.busy && <p class="muted">{common.loading}</p>}
      {pages.items && sessions.length === 0 && <p class="card muted">{t.sessions.none}</p>}
      {sessions.length > 0 && (
        <ListTable
          label={t.sessions.title}
          columns={[
            t.sessions.student,
            t.wall.exam,
            t.session.began,
            t.session.status,
            t.wall.attention,
            t.wall.riskLevel,
            { text: t.session.score, class: 'number' },
            t.report.verdict,
          ]}
        >
          <tbody>
            {sessions.map((session) => (
              <Row
                key={session.id}
                session={session}
                names={prefs.names}
                zone={exams?.find(({ id }) => id === session.examId)?.timeZone}
              />
            ))}
          </tbody>
        </ListTable>
      )}
      <MoreButton pages={pages} label={t.sessions.more} />
    </section>
  );
}

interface RowProps {
  readonly session: ListedSession;
  readonly names: ReturnType<typeof usePrefs>['names'];
  /** Of the exam, if it is among those read. */
  readonly zone: string | undefined;
}

function Row({ session, names, zone }: RowProps) {
  const { id, status, endReason, attempt, room, examTitle, verdict } = session;
  const address = shownAddress(session, names);
  return (
    <tr>
      <th scope="row">
        <a href={hrefOf({ page: status === 'ended' ? 'review' : 'session', session: id })}>
          {shownName(session, names)}
        </a>
        {address && <span class="small muted"> {address}</span>}
      </th>
      <td>
        {examTitle}
        <span class="small muted">
          {room !== null && ` · ${t.wall.roomPrefix}${room}`}
          {attempt > 1 && ` · ${t.session.attempt(number(attempt))}`}
        </span>
      </td>
      <td>{dateAndTime(session.startedAt, zone)}</td>
      <td>{endReason ? t.sessions.ends[endReason as keyof typeof t.sessions.ends] : t.sessions.statuses[status]}</td>
      <td>
        <AttentionBadge of={attentionOf(session)} />
      </td>
      <td>
        <LevelBadge level={session.reviewedLevel} />
      </td>
      <td class="number">{number(Math.round(session.reviewedScore))}</td>
      <td>{verdict ? eventText.verdicts[verdict] : '–'}</td>
    </tr>
  );
}
