import type { User } from '../../protocol/http/accounts.ts';
import type { Exam } from '../../protocol/http/exams.ts';
import type { Api } from '../shared/api.ts';
import { at } from '../shared/base-path.ts';
import { Problem } from '../shared/field.tsx';
import { PageTitle } from '../shared/page-title.tsx';
import { useLoaded } from '../shared/use-loaded.ts';
import { browserZone } from '../shared/zone-format.ts';
import { ExamCards } from './exams/exam-cards.tsx';
import { t } from './messages.ts';
import type { Organisations } from './organisations/use-organisations.ts';
import { OversightCard } from './system/oversight-card.tsx';
import { EXAMS, hrefOf, IMPORT } from './route.ts';

interface Found {
  readonly today: readonly Exam[];
  readonly coming: readonly Exam[];
}

interface OverviewProps {
  readonly api: Api;
  readonly user: User;
  readonly organisations: Organisations;
}

/** Exams of today, and the steps from a new installation to a first exam. */
export function Overview({ api, user, organisations }: OverviewProps) {
  const { value, error } = useLoaded<Found>(async () => {
    const read = async (when: string) =>
      (
        await api.get<{ items: Exam[] }>(
          `/api/exams?limit=5&when=${when}&timeZone=${encodeURIComponent(browserZone())}`,
        )
      ).items;
    const [today, coming] = await Promise.all([read('today'), read('coming')]);
    return { today, coming };
  }, [api]);
  return (
    <>
      <PageTitle>{t.overview.title}</PageTitle>
      <Problem>{error}</Problem>
      {value && (
        <section class="stack" aria-labelledby="today">
          <h2 id="today">{t.exams.when.today}</h2>
          {value.today.length === 0 ? <p class="muted">{t.overview.noneToday}</p> : <ExamCards exams={value.today} />}
        </section>
      )}
      {value && value.coming.length > 0 && (
        <section class="stack" aria-labelledby="coming">
          <h2 id="coming">{t.exams.when.coming}</h2>
          <ExamCards exams={value.coming} />
        </section>
      )}
      <section class="card stack" aria-labelledby="steps">
        <h2 id="steps">{t.overview.steps}</h2>
        <ol class="steps">
          <li>
            <a href={hrefOf({ page: 'newExam', from: undefined })}>{t.overview.makeExam}</a>
            <p class="small muted">{t.overview.makeExamHint}</p>
          </li>
          <li>
            <a href={hrefOf(IMPORT)}>{t.overview.importPeople}</a>
            <p class="small muted">{t.overview.importPeopleHint}</p>
          </li>
          <li>
            <a href={hrefOf({ page: 'newPerson' })}>{t.overview.addPeople}</a>
            <p class="small muted">{t.overview.addPeopleHint}</p>
          </li>
          <li>
            <a href={hrefOf(EXAMS)}>{t.overview.assign}</a>
            <p class="small muted">{t.overview.assignHint}</p>
          </li>
          <li>
            <a href={at('/exam')}>{t.overview.tryIt}</a>
            <p class="small muted">{t.overview.tryItHint}</p>
          </li>
        </ol>
      </section>
      {user.role === 'admin' && <OversightCard api={api} />}
      {user.role === 'admin' && !organisations.several && (
        <p class="small">
          <a href={hrefOf({ page: 'organisations' })}>{t.organisations.add}</a>
        </p>
      )}
    </>
  );
}
