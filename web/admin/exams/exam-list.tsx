import { useEffect, useState } from 'preact/hooks';
import type { Exam, ExamPeriod } from '../../../protocol/http/exams.ts';
import type { Api } from '../../shared/api.ts';
import { Problem } from '../../shared/field.tsx';
import { common } from '../../shared/messages/common.ts';
import { PageTitle } from '../../shared/page-title.tsx';
import { useAction } from '../../shared/use-action.ts';
import { useLoaded } from '../../shared/use-loaded.ts';
import { browserZone } from '../../shared/zone-format.ts';
import { SearchField } from '../../shared/search-field.tsx';
import { t } from '../messages.ts';
import { hrefOf, PERIODS, type Route } from '../route.ts';
import { go } from '../use-route.ts';
import { ExamCards } from './exam-cards.tsx';

interface Page {
  readonly items: readonly Exam[];
  readonly nextCursor: string | null;
}

interface ExamListProps {
  readonly api: Api;
  readonly route: Extract<Route, { page: 'exams' }>;
}

/** Exams of a period, by title. */
export function ExamList({ api, route }: ExamListProps) {
  const { when, q } = route;
  const [more, setMore] = useState<readonly Exam[]>([]);
  const [cursor, setCursor] = useState<string | null>(null);
  const read = (after: string) => {
    const query = new URLSearchParams({ limit: '50', when, timeZone: browserZone(), ...(q && { q }) });
    return api.get<Page>(`/api/exams?${query.toString()}${after}`);
  };
  const next = useAction();
  const first = useLoaded(() => read(''), [api, when, q]);
  useEffect(() => {
    setMore([]);
    setCursor(first.value?.nextCursor ?? null);
  }, [first.value]);
  const exams = sorted([...(first.value?.items ?? []), ...more], when);
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
      <Problem>{first.error ?? next.error}</Problem>
      {first.value && exams.length === 0 && <p class="card muted">{q ? t.exams.noneFound(q) : t.exams.none[when]}</p>}
      {!first.value && first.busy && <p class="muted">{common.loading}</p>}
      <ExamCards exams={exams} label={t.exams.title} />
      {cursor !== null && (
        <p>
          <button
            disabled={next.busy}
            onClick={() =>
              void next.run(async () => {
                const page = await read(`&cursor=${cursor}`);
                setMore([...more, ...page.items]);
                setCursor(page.nextCursor);
              })
            }
          >
            {t.showMore}
          </button>
        </p>
      )}
    </>
  );
}

/** Earliest first where they are still to come, latest first where they are over; without times last. */
function sorted(exams: readonly Exam[], when: ExamPeriod): Exam[] {
  const over = when === 'past' || when === 'archived';
  const place = ({ startsAt }: Exam) => (startsAt ? Date.parse(startsAt) * (over ? -1 : 1) : Number.POSITIVE_INFINITY);
  return exams.toSorted((a, b) => {
    const [first, second] = [place(a), place(b)];
    return first === second ? 0 : first < second ? -1 : 1;
  });
}
