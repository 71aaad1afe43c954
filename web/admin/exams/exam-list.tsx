import type { Exam } from '../../../protocol/http/exams.ts';
import type { Api } from '../../shared/api.ts';
import { DroppedNote } from '../../shared/dropped-note.tsx';
import { Problem } from '../../shared/field.tsx';
import { common } from '../../shared/messages/common.ts';
import { MoreButton } from '../../shared/more-button.tsx';
import { PageTitle } from '../../shared/page-title.tsx';
import { usePages } from '../../shared/use-pages.ts';
import { browserZone } from '../../shared/zone-format.ts';
import { SearchField } from '../../shared/search-field.tsx';
import { t } from '../messages.ts';
import { hrefOf, PERIODS, type Route, type ShownPeriod } from '../route.ts';
import { go } from '../use-route.ts';
import { ExamCards } from './exam-cards.tsx';

interface ExamListProps {
  readonly api: Api;
  readonly route: Extract<Route, { page: 'exams' }>;
}

/** Exams of a period, by title. */
export function ExamList({ api, route }: ExamListProps) {
  const { when, q } = route;
  const pages = usePages<Exam>(
    (cursor) => {
      const query = new URLSearchParams({
        limit: '50',
        ...(when !== 'all' && { when }),
        timeZone: browserZone(),
        ...(q && { q }),
        ...(cursor && { cursor }),
      });
      return api.get(`/api/exams?${query.toString()}`);
    },
    [api, when, q],
  );
  const exams = sorted(pages.items ?? [], when);
  return (
    <>
      <div class="row between">
        <PageTitle>{t.exams.title}</PageTitle>
        <a class="button primary" href={hrefOf({ page: 'newExam', from: undefined })}>
          {t.exams.make}
        </a>
      </div>
      <div class="row between">
        <nav class="tabs" aria-label={t.exams.periods}>
          {PERIODS.map((period) => (
            <a
              key={period}
              href={hrefOf({ ...route, when: period })}
              aria-current={period === when ? 'page' : undefined}
            >
              {t.exams.when[period]}
            </a>
          ))}
        </nav>
        <SearchField
          label={t.exams.search}
          value={q}
          onSearch={(text) => go({ ...route, q: text }, { replace: true })}
        />
      </div>
      <DroppedNote understood={{ when, q }} />
      <Problem>{pages.problem}</Problem>
      {pages.items && exams.length === 0 && (
        <p class="card muted">
          {!q ? t.exams.none[when] : when === 'all' ? t.exams.noneFound(q) : t.exams.noneHere(q)}{' '}
          {q && when !== 'all' && <a href={hrefOf({ ...route, when: 'all' })}>{t.exams.searchAll}</a>}
        </p>
      )}
      {!pages.items && pages.busy && <p class="muted">{common.loading}</p>}
      <ExamCards exams={exams} label={t.exams.title} />
      <MoreButton pages={pages} label={t.showMore} />
    </>
  );
}

/** Earliest first where they are still to come, latest first where they are over; without times last. */
function sorted(exams: readonly Exam[], when: ShownPeriod): Exam[] {
  const over = when === 'past' || when === 'archived' || when === 'all';
  const place = ({ startsAt }: Exam) => (startsAt ? Date.parse(startsAt) * (over ? -1 : 1) : Number.POSITIVE_INFINITY);
  return exams.toSorted((a, b) => {
    const [first, second] = [place(a), place(b)];
    return first === second ? 0 : first < second ? -1 : 1;
  });
}
