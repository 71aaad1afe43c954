import type { Exam } from '../../../protocol/http/exams.ts';
import type { Result } from '../../../protocol/http/results.ts';
import type { Api } from '../../shared/api.ts';
import { attentionNumber } from '../../shared/attention-number.ts';
import { at } from '../../shared/base-path.ts';
import { eventTitle } from '../../shared/event-name.ts';
import { Problem } from '../../shared/field.tsx';
import { ReviewedLevel } from '../../shared/reviewed-level.tsx';
import { ListTable } from '../../shared/list-table.tsx';
import { common } from '../../shared/messages/common.ts';
import { eventText } from '../../shared/messages/events.ts';
import { number } from '../../shared/messages/numbers.ts';
import { MoreButton } from '../../shared/more-button.tsx';
import { ResultDownloads } from '../../shared/result-downloads.tsx';
import { usePages } from '../../shared/use-pages.ts';
import { timeInZone } from '../../shared/zone-format.ts';
import { t } from '../messages.ts';

interface ResultsProps {
  readonly api: Api;
  readonly exam: Exam;
}

/** Sessions of an exam with decisions, and their files. */
export function Results({ api, exam }: ResultsProps) {
  const pages = usePages<Result>(
    (cursor) => api.get(`/api/exams/${exam.id}/results?limit=50${cursor === undefined ? '' : `&cursor=${cursor}`}`),
    [api, exam.id],
  );
  const results = pages.items ?? [];
  return (
    <section class="stack" aria-labelledby="results">
      <h2 id="results">{t.results.title}</h2>
      <p class="small muted">{t.results.about}</p>
      <ResultDownloads api={api} exam={exam} />
      <Problem>{pages.problem}</Problem>
      {!pages.items && pages.busy && <p class="muted">{common.loading}</p>}
      {pages.items && results.length === 0 && <p class="card muted">{t.results.none}</p>}
      {results.length > 0 && (
        <ListTable
          labelledBy="results"
          class="results"
          columns={[
            t.students.name,
            t.results.level,
            t.results.attention,
            t.results.verdict,
            t.results.accommodations,
            t.results.status,
            t.results.times,
            t.results.incidents,
          ]}
        >
          <tbody>
            {results.map((result) => (
              <Row key={result.sessionId} result={result} zone={exam.timeZone} />
            ))}
          </tbody>
        </ListTable>
      )}
      <MoreButton pages={pages} label={t.showMore} />
    </section>
  );
}

const attentionText = ({ level, value }: Result['attention']) =>
  `${eventText.attention[level]} ${attentionNumber(value)}`;

function Row({ result, zone }: { readonly result: Result; readonly zone: string }) {
  const { status, endReason, verdict, attempt, room, seat } = result;
  const page = status === 'ended' ? '/review' : '';
  return (
    <tr>
      <th scope="row">
        <a href={at(`/console#/session/${result.sessionId}${page}`)}>{result.studentName}</a>
        <span class="small muted">
          {[
            result.studentEmail,
            ...(result.studentNumber ? [result.studentNumber] : []),
            ...(attempt > 1 ? [t.attendance.attempt(number(attempt))] : []),
          ].join(' · ')}
        </span>
        {(room !== null || seat !== null) && (
          <span class="small muted">
            {[
              ...(room === null ? [] : [t.staff.roomName(room)]),
              ...(seat === null ? [] : [t.results.seat(seat)]),
            ].join(', ')}
          </span>
        )}
      </th>
      <td>
        <ReviewedLevel first={result.riskLevel} reviewed={result.reviewedLevel} />
        <span class="small tabular"> {number(result.reviewedScore)}</span>
        {result.reviewedScore !== result.riskScore && (
          <>
            <br />
            <span class="small muted">{t.results.before(number(result.riskScore))}</span>
          </>
        )}
      </td>
      <td class="small">
        {result.seen ? attentionText(result.reviewedAttention) : t.results.unseen}
        {result.reviewedAttention.value !== result.attention.value && (
          <>
            <br />
            <span class="muted">{t.results.before(attentionText(result.attention))}</span>
          </>
        )}
      </td>
      <td>
        {verdict ? eventText.verdicts[verdict.verdict] : '–'}
        {verdict && (
          <>
            <br />
            <span class="small muted">{t.results.by(verdict.by.name, timeInZone(verdict.at, zone))}</span>
          </>
        )}
      </td>
      <td class="small">{accommodationsOf(result)}</td>
      <td>
        {(endReason && t.results.ends[endReason as keyof typeof t.results.ends]) || t.results.statuses[status]}
        {actsOf(result, zone).map((line) => (
          <>
            <br />
            <span class="small muted">{line}</span>
          </>
        ))}
      </td>
      <td class="small times">
        {timeInZone(result.startedAt, zone)}
        <br />
        {result.endedAt ? timeInZone(result.endedAt, zone) : '–'}
      </td>
      <td class="small incidents">
        <Incidents of={result.incidents} />
      </td>
    </tr>
  );
}

/** Types that are shown without opening the rest. */
const SHOWN_TYPES = 2;

function Incidents({ of }: { readonly of: Result['incidents'] }) {
  if (of.length === 0) return <>–</>;
  const text = (some: Result['incidents']) => (
    <ul class="plain">
      {some.map(({ type, count }) => (
        <li key={type}>{t.results.counted(eventTitle({ type }), number(count))}</li>
      ))}
    </ul>
  );
  return (
    <>
      {text(of.slice(0, SHOWN_TYPES))}
      {of.length > SHOWN_TYPES && (
        <details>
          <summary>{t.results.moreTypes(number(of.length - SHOWN_TYPES))}</summary>
          {text(of.slice(SHOWN_TYPES))}
        </details>
      )}
    </>
  );
}

const actsOf = ({ terminations, readmissions }: Result, zone: string): string[] => [
  ...terminations.map((one) => t.results.terminated(one.by?.name ?? '–', timeInZone(one.at, zone), one.reason)),
  ...readmissions.map((one) =>
    [
      t.results.readmitted(one.by?.name ?? '–', timeInZone(one.at, zone), one.reason),
      ...(one.extraMinutes > 0 ? [t.results.extra(number(one.extraMinutes))] : []),
    ].join(' · '),
  ),
];

const accommodationsOf = ({ accommodations, extraMinutes }: Result): string =>
  [
    ...(accommodations?.profile ? [accommodations.profile.name] : []),
    ...(extraMinutes > 0 ? [t.results.extra(number(extraMinutes))] : []),
  ].join(', ') || '–';
