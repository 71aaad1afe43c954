import { useEffect } from 'preact/hooks';
import { SessionAttention } from './attention.tsx';
import type { User } from '../../protocol/http/accounts.ts';
import type { Attendance } from '../../protocol/http/attendance.ts';
import type { Exam } from '../../protocol/http/exams.ts';
import type { ListedSession } from '../../protocol/http/session-list.ts';
import type { Api } from '../shared/api.ts';
import { DroppedNote } from '../shared/dropped-note.tsx';
import { Problem } from '../shared/field.tsx';
import { ListTable } from '../shared/list-table.tsx';
import { common } from '../shared/messages/common.ts';
import { eventText } from '../shared/messages/events.ts';
import { number } from '../shared/messages/numbers.ts';
import { manages } from '../shared/manages.ts';
import { MoreButton } from '../shared/more-button.tsx';
import { ReviewedLevel } from '../shared/reviewed-level.tsx';
import { ResultDownloads } from '../shared/result-downloads.tsx';
import { PageTitle } from '../shared/page-title.tsx';
import { dateAndTime } from '../shared/time-format.ts';
import { useLoaded } from '../shared/use-loaded.ts';
import { usePages } from '../shared/use-pages.ts';
import { browserZone } from '../shared/zone-format.ts';
import { GiveBar } from './give-bar.tsx';
import { t } from './messages.ts';
import { rememberList } from './next-session.ts';
import { hrefOf } from './route.ts';
import { type SessionFilter, sessionQuery } from './session-filter.ts';
import { SessionFilters } from './session-filters.tsx';
import { shownAddress, shownName } from './shown-name.ts';
import { useSelected } from './use-selected.ts';
import { usePrefs } from './use-prefs.ts';

interface SessionsPageProps {
  readonly api: Api;
  readonly user: User;
  readonly filter: SessionFilter;
  /** For the names in the filter. */
  readonly exams: readonly Exam[] | undefined;
}

/** Sessions of past and present, the ones to review first. */
export function SessionsPage({ api, user, filter, exams }: SessionsPageProps) {
  const prefs = usePrefs();
  const query = sessionQuery(filter, browserZone(), user.id).toString();
  const pages = usePages<ListedSession>(
    (cursor) => api.get(`/api/sessions?${query}${cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`}`),
    [api, query],
  );
  const sessions = pages.items ?? [];
  const selected = useSelected();
  const order = sessions.map(({ id }) => id);
  const mayGive = manages(user);
  // Reviews go on from session to session in this order.
  useEffect(() => {
    if (pages.items) rememberList({ query, sessions: pages.items.map(({ id }) => id), cursor: pages.cursor });
  }, [pages.items]);
  const rooms = useLoaded(
    async () =>
      filter.exam === ''
        ? undefined
        : (await api.get<Attendance>(`/api/exams/${filter.exam}/attendance`)).rooms.flatMap(({ room }) => room ?? []),
    [api, filter.exam],
  ).value;
  const exam = exams?.find(({ id }) => id === filter.exam);
  return (
    <section class="stack">
      <PageTitle>{t.sessions.title}</PageTitle>
      <SessionFilters filter={filter} exams={exams} rooms={rooms} reviewers={reviewersOf(sessions)} />
      <DroppedNote understood={{ ...filter }} />
      {exam && <ResultDownloads api={api} exam={exam} />}
      <Problem>{pages.problem}</Problem>
      {!pages.items && pages.busy && <p class="muted">{common.loading}</p>}
      {pages.items && sessions.length === 0 && <p class="card muted">{t.sessions.none}</p>}
      {mayGive && <GiveBar api={api} user={user} sessions={sessions} selected={selected} onGiven={pages.reload} />}
      {sessions.length > 0 && (
        <ListTable
          label={t.sessions.title}
          columns={[
            ...(mayGive ? [t.sessions.selectColumn] : []),
            t.sessions.student,
            t.wall.exam,
            t.session.began,
            t.session.status,
            t.wall.attention,
            t.wall.riskLevel,
            { text: t.session.score, class: 'number' },
            t.sessions.reviewed,
            t.sessions.reviewer,
          ]}
        >
          <tbody>
            {sessions.map((session) => (
              <Row
                key={session.id}
                session={session}
                names={prefs.names}
                selected={mayGive ? selected.ids.has(session.id) : undefined}
                onSelect={(range) => selected.toggle(session.id, range, order)}
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
  /** Undefined: it cannot be selected. */
  readonly selected: boolean | undefined;
  /** @param range from the one selected before */
  readonly onSelect: (range: boolean) => void;
  /** Of the exam, if it is among those read. */
  readonly zone: string | undefined;
}

function Row({ session, names, selected, onSelect, zone }: RowProps) {
  const { id, status, endReason, attempt, room, examTitle, review } = session;
  const name = shownName(session, names);
  const address = shownAddress(session, names);
  return (
    <tr>
      {selected !== undefined && (
        <td>
          <input
            type="checkbox"
            aria-label={t.sessions.select(name)}
            checked={selected}
            onClick={({ shiftKey }) => onSelect(shiftKey)}
          />
        </td>
      )}
      <th scope="row">
        <a href={hrefOf({ page: status === 'ended' ? 'review' : 'session', session: id })}>{name}</a>
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
        <SessionAttention session={session} />
      </td>
      <td>
        <ReviewedLevel first={session.riskLevel} reviewed={session.reviewedLevel} />
      </td>
      <td class="number">{number(Math.round(session.reviewedScore))}</td>
      <td>
        <ReviewCell session={session} />
      </td>
      <td>{review?.reviewer?.name ?? '–'}</td>
    </tr>
  );
}

/** The verdict, or how far the review has come, and by whom. */
function ReviewCell({ session: { verdict, review } }: { readonly session: ListedSession }) {
  const state = verdict ? eventText.verdicts[verdict] : review?.state === 'begun' ? t.sessions.begun : undefined;
  return (
    <>
      {state ?? (!review?.sampled && '–')}
      {review?.by && <span class="small muted"> · {review.by.name}</span>}
      {review?.sampled && !verdict && (
        <>
          {' '}
          <span class="badge" title={t.sessions.sampledHint}>
            {t.sessions.sampled}
          </span>
        </>
      )}
    </>
  );
}

/** People to whom sessions of the list are given, once each. */
const reviewersOf = (sessions: readonly ListedSession[]) => [
  ...new Map(
    sessions.flatMap(({ review }) => (review?.reviewer ? [[review.reviewer.id, review.reviewer]] : [])),
  ).values(),
];
