import type { User } from '../../protocol/http/accounts.ts';
import type { Exam } from '../../protocol/http/exams.ts';
import type { GivenWork } from '../../protocol/http/review-work.ts';
import type { VerdictListItem } from '../../protocol/http/verdict-steps.ts';
import { VERDICT_STATES } from '../../protocol/verdict-states.ts';
import type { Api } from '../shared/api.ts';
import { DroppedNote } from '../shared/dropped-note.tsx';
import { Problem } from '../shared/field.tsx';
import { ListTable } from '../shared/list-table.tsx';
import { common } from '../shared/messages/common.ts';
import { eventText } from '../shared/messages/events.ts';
import { MoreButton } from '../shared/more-button.tsx';
import { PageTitle } from '../shared/page-title.tsx';
import { SelectField } from '../shared/select-field.tsx';
import { dateAndTime } from '../shared/time-format.ts';
import { usePages } from '../shared/use-pages.ts';
import { t } from './messages.ts';
import { hrefWith } from './href-with.ts';
import { hrefOf } from './route.ts';
import { usePrefs } from './use-prefs.ts';
import { shownName } from './shown-name.ts';
import { type VerdictFilter, verdictQuery, WHOSE } from './verdict-filter.ts';

interface VerdictsPageProps {
  readonly api: Api;
  readonly user: User;
  readonly filter: VerdictFilter;
  readonly exams: readonly Exam[] | undefined;
  readonly given: GivenWork;
}

/** Verdicts by the step that they are at, with their deadlines. */
export function VerdictsPage({ api, user, filter, exams, given }: VerdictsPageProps) {
  const { names } = usePrefs();
  const query = verdictQuery(filter, user.id).toString();
  // The list of appeals follows their number in the navigation.
  const version = filter.whose === 'officer' ? given.appeals : filter.whose === 'none' ? given.appealsToGive : 0;
  const pages = usePages<VerdictListItem>(
    (cursor) => api.get(`/api/verdicts?${query}${cursor === undefined ? '' : `&cursor=${cursor}`}`),
    [api, query, version],
  );
  const items = pages.items ?? [];
  const go = (change: Partial<VerdictFilter>) => (location.hash = hrefWith('verdicts', filter, change));
  return (
    <section class="stack">
      <PageTitle>{t.verdicts.title}</PageTitle>
      <p class="small muted">{t.verdicts.intro}</p>
      <div class="row">
        <SelectField<VerdictFilter['state']>
          label={t.verdicts.state}
          value={filter.state}
          options={[['', t.verdicts.any], ...VERDICT_STATES.map((state) => [state, t.verdicts.states[state]] as const)]}
          onChange={(state) => go({ state })}
        />
        <SelectField
          label={t.verdicts.exam}
          value={filter.exam}
          options={[['', t.verdicts.any], ...(exams ?? []).map(({ id, title }) => [id, title] as const)]}
          onChange={(exam) => go({ exam })}
        />
        <SelectField<VerdictFilter['whose']>
          label={t.verdicts.whose}
          value={filter.whose}
          options={WHOSE.map((whose) => [whose, t.verdicts.people[whose]] as const)}
          onChange={(whose) => go({ whose })}
        />
        <label class="check beside-fields">
          <input
            type="checkbox"
            checked={filter.overdue}
            onChange={(event) => go({ overdue: event.currentTarget.checked })}
          />
          <span>{t.verdicts.overdueOnly}</span>
        </label>
      </div>
      <DroppedNote understood={{ ...filter, overdue: String(filter.overdue) }} />
      <Problem>{pages.problem}</Problem>
      {!pages.items && pages.busy && <p class="muted">{common.loading}</p>}
      {pages.items && items.length === 0 && <p class="card muted">{t.verdicts.none}</p>}
      {items.length > 0 && (
        <ListTable
          label={t.verdicts.title}
          columns={[
            t.verdicts.student,
            t.verdicts.exam,
            t.verdicts.state,
            t.verdicts.since,
            t.verdicts.deadlines,
            t.verdicts.verdict,
            t.verdicts.by,
            t.verdicts.officer,
          ]}
        >
          <tbody>
            {items.map((item) => (
              <Row
                key={item.sessionId}
                item={item}
                names={names}
                zone={exams?.find(({ id }) => id === item.exam.id)?.timeZone}
              />
            ))}
          </tbody>
        </ListTable>
      )}
      <MoreButton pages={pages} label={t.verdicts.more} />
    </section>
  );
}

interface RowProps {
  readonly item: VerdictListItem;
  readonly names: ReturnType<typeof usePrefs>['names'];
  readonly zone: string | undefined;
}

function Row({ item, names, zone }: RowProps) {
  const { sessionId, exam, student, state, since, due, overdue, verdict, judge, officer } = item;
  const name = shownName({ id: sessionId, studentName: student.name }, names);
  return (
    <tr>
      <th scope="row">
        <a href={hrefOf({ page: 'review', session: sessionId })}>{name}</a>
      </th>
      <td>{exam.title}</td>
      <td>{t.verdicts.states[state]}</td>
      <td>{dateAndTime(since, zone)}</td>
      <td>
        {overdue && <span class="badge bad">{t.verdicts.overdue}</span>} {deadlinesOf(item, due, zone)}
      </td>
      <td>{eventText.verdicts[verdict]}</td>
      <td>{judge.name}</td>
      <td>{officer ? officer.name : state === 'appealed' ? t.verdicts.nobody : '–'}</td>
    </tr>
  );
}

/** Of staff while they have to act, otherwise of the student. */
function deadlinesOf(
  { state, answerUntil, appealUntil }: VerdictListItem,
  due: string | null,
  zone: string | undefined,
): string {
  if (due) return t.verdicts.due(dateAndTime(due, zone));
  if (state === 'closed') return '–';
  const parts = [
    ...(answerUntil && state === 'released' ? [t.verdicts.answerUntil(dateAndTime(answerUntil, zone))] : []),
    ...(appealUntil ? [t.verdicts.appealUntil(dateAndTime(appealUntil, zone))] : []),
  ];
  return parts.join(' · ') || '–';
}
